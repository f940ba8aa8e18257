import type { KeptPrompt, PromptLibrary } from './backend/backend'

/** A prompt as it is shown; what the organisation provides cannot be changed here. */
export interface ShownPrompt extends KeptPrompt {
  provided: boolean
}

/** A whole library as it is shown: the organisation's prompts stand first. */
export const shownPrompts = ({ organisation, own }: PromptLibrary): ShownPrompt[] => [
  ...organisation.map((prompt) => ({ ...prompt, provided: true })),
  ...own.map((prompt) => ({ ...prompt, provided: false })),
]

/** What tells a prompt from every other: no two of one's own, or of the organisation's, have one name in one folder, whatever signs are in either. */
export const promptKey = ({ folder, name, provided = false }: Pick<KeptPrompt, 'folder' | 'name'> & Partial<ShownPrompt>): string =>
  JSON.stringify([folder, name, provided])

import type { KeptPrompt } from './backend/backend'

/** What tells a prompt from every other: no two have one name in one folder, whatever signs are in either. */
export const promptKey = ({ folder, name }: Pick<KeptPrompt, 'folder' | 'name'>): string => JSON.stringify([folder, name])

import type { ModelInfo } from './backend/backend'
import { m } from './paraglide/messages'

/** What people call a model. */
export function modelName({ built_in, name }: ModelInfo): string {
  return built_in ? m.model_built_in() : name
}

/** A model that can be chosen. */
export interface ModelChoice {
  value: string
  label: string
  /** What more is told of it. */
  text?: string
}

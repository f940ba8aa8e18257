import type { ModelInfo } from './backend/backend'
import { m } from './paraglide/messages'

/** What people call a model. */
export function modelName({ built_in, name }: ModelInfo): string {
  return built_in ? m.model_built_in() : name
}

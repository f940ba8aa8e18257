import { getContext, setContext } from 'svelte'
import type { SettingId } from '../../settings'

const KEY = Symbol('found')

/** The settings that the search has found, for those who show one. */
export function provideFound(found: () => Set<SettingId>): void {
  setContext(KEY, found)
}

export function useFound(): () => Set<SettingId> {
  return getContext(KEY)
}

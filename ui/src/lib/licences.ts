import program from './licences.json'

export interface Component {
  name: string
  version: string
  licence: string
}

declare const __COMPONENTS__: readonly Component[]

/**
 * What Bureau is made of: the page, read from its packages at each build (vite.config.ts), and the programs, written
 * down from Cargo's own list.
 */
export const COMPONENTS: readonly Component[] = [...__COMPONENTS__, ...program]

export interface Component {
  name: string
  version: string
  licence: string
}

declare const __COMPONENTS__: readonly Component[]

/** What the page is built with, read from the packages themselves at each build (vite.config.ts). */
export const COMPONENTS = __COMPONENTS__

import { MediaQuery } from 'svelte/reactivity'

const system = new MediaQuery('(prefers-color-scheme: dark)')
let theme = $state<string | undefined>()

/** Whether the page is shown in dark colours, for what is not coloured by its style sheets. */
export const dark = {
  get current(): boolean {
    return theme === 'dark' || (theme !== 'light' && system.current)
  },
}

/** Tells what the person chose: `light`, `dark`, or `system`. */
export function chooseDark(wanted: string): void {
  theme = wanted
}

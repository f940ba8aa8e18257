import { direction } from './spoken.svelte'

/** What stands side by side in one line. Among Arabic numbers a dot would be read as their zero. */
export const beside = (parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(direction() === 'rtl' ? ' – ' : ' · ')

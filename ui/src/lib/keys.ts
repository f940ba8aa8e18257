/** Whether the key is for an input method that composes a word, not for the page. */
export function composing(event: KeyboardEvent): boolean {
  // Safari reports the key that ends a composition with the code 229 only.
  return event.isComposing || event.keyCode === 229
}

/** Whether the key sends what is written: Enter, or the command key with it; but not to choose in an input method. */
export function sends(event: KeyboardEvent, enterSends: boolean): boolean {
  if (event.key !== 'Enter' || event.shiftKey || composing(event)) return false
  return enterSends || event.ctrlKey || event.metaKey
}

/** Whether the key sends what is written: Enter, but not to end a line or to choose in an input method. */
export function sends(event: KeyboardEvent): boolean {
  // Safari reports the Enter that ends a composition with the code 229 only.
  const composing = event.isComposing || event.keyCode === 229
  return event.key === 'Enter' && !event.shiftKey && !composing
}

import { type Component, flushSync, mount, unmount } from 'svelte'
import { onTestFinished } from 'vitest'
import type { Backend } from '../backend/backend'
import { App } from '../state/app.svelte'
import WithApp from './WithApp.svelte'

/** An app that asks this of its backend, and nothing else. */
export const appWith = (backend: Partial<Backend> = {}): App => new App(backend as Backend)

/** Shows a component in a document of its own until the test has ended. */
export function mounted<Props extends object>(component: Component<Props, Record<string, unknown>, keyof Props | ''>, props: Props, app = appWith()) {
  const target = document.body.appendChild(document.createElement('div'))
  const shown = mount(WithApp, { target, props: { app, component: component as never, props } })
  flushSync()
  onTestFinished(async () => {
    await unmount(shown)
    target.remove()
  })
  const find = <E extends HTMLElement = HTMLElement>(id: string) => target.querySelector<E>(`[data-testid=${id}]`)
  /** Presses what has this test id. */
  const press = (id: string) => {
    find(id)?.click()
    flushSync()
  }
  return { target, find, press }
}

/** What an element says, as it is read. */
export const textOf = (element: Element | null): string | null => element?.textContent.replace(/\s+/gu, ' ').trim() ?? null

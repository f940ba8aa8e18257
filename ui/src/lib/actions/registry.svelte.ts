import { getContext, setContext } from 'svelte'
import { pressed } from '../shortcuts'
import type { App } from '../state/app.svelte'
import type { Action } from './action'
import { answerActions } from './answer'
import { writingActions } from './choices'
import { conversationActions } from './conversation'
import { type Desk, generalActions } from './general'

const KEY = Symbol('actions')

/** Everything a person can do in this window, about what is shown now. */
export class Actions {
  /** The actions chosen last in the palette, the last one first. */
  recent = $state.raw<readonly string[]>([])
  #later = $state.raw<((app: App) => Action[]) | null>(null)
  #app: App
  #desk: Desk

  constructor(app: App, desk: Desk) {
    this.#app = app
    this.#desk = desk
  }

  general = $derived.by(() => generalActions(this.#app, this.#desk))

  all = $derived.by((): readonly Action[] => {
    const { thread } = this.#app.chat
    return [
      ...Object.values(this.general),
      ...conversationActions(this.#app, thread.conversation),
      ...answerActions(this.#app, thread),
      ...writingActions(this.#app),
      ...(this.#later?.(this.#app) ?? []),
    ]
  })

  /** Brings in what only the palette offers. */
  async complete(): Promise<void> {
    await this.#app.notices.guard(async () => {
      this.#later = (await import('./later')).laterActions
    })
  }

  /** The action of these keys, whether or not it can be done now. */
  of(event: KeyboardEvent): Action | undefined {
    return this.all.find(({ keys }) => keys?.some((chord) => pressed(event, chord)))
  }

  /** Runs what was chosen in the palette, and keeps it in mind. */
  run(action: Action): void {
    this.recent = [action.id, ...this.recent.filter((id) => id !== action.id)]
    void action.run()
  }
}

export function provideActions(actions: Actions): Actions {
  setContext(KEY, actions)
  return actions
}

export function useActions(): Actions {
  return getContext(KEY)
}

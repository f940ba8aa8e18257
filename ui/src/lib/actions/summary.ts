import ListCollapse from '@lucide/svelte/icons/list-collapse'
import { m } from '../paraglide/messages'
import type { App } from '../state/app.svelte'
import type { Thread } from '../state/thread.svelte'
import { summarisable, summaryChoices, summaryHabits, summaryQuestion } from '../summary'
import type { Action } from './action'

/** Asks for a summary of the waiting files, as the person chose the last time. */
export function summarise(thread: Thread): Promise<void> {
  const { composer } = thread
  const files = composer.files.filter(summarisable)
  const choices = summaryChoices(summaryHabits(), files.length, composer.focus)
  return thread.summarise(summaryQuestion(files.map(({ name }) => name), choices), files, choices)
}

/** What can be done with the waiting files. */
export function summaryActions({ chat, session }: App): Action[] {
  const { thread } = chat
  const { files, reading } = thread.composer
  const open = files.some(summarisable) && !files.some(({ locked }) => locked)
  const asked = !thread.busy && !(session.damaged && !thread.temporary)
  return [
    {
      id: 'summarise',
      group: 'writing',
      title: m.summary_documents,
      icon: ListCollapse,
      keys: ['mod+shift+enter'],
      available: open && asked && reading.length === 0,
      run: () => summarise(thread),
    },
  ]
}

import Bot from '@lucide/svelte/icons/bot'
import Languages from '@lucide/svelte/icons/languages'
import Paperclip from '@lucide/svelte/icons/paperclip'
import { modelName } from '../model-name'
import { m } from '../paraglide/messages'
import type { App } from '../state/app.svelte'
import type { Action } from './action'

/** What the next question can be asked with. */
export function writingActions({ chat, layers, models, organisation }: App): Action[] {
  const { thread } = chat
  const others = models.list.filter((model) => model !== models.find(thread.model))
  return [
    { id: 'attach', group: 'writing', title: m.attach, icon: Paperclip, available: !organisation.has('no_attachments'), run: thread.composer.choose },
    { id: 'translate', group: 'writing', title: m.translate, icon: Languages, run: () => layers.open({ name: 'translate', thread }) },
    ...others.map((model): Action => {
      const title = () => m.choice({ name: m.model_label(), value: modelName(model) })
      return { id: `model ${model.id}`, group: 'model', title, icon: Bot, run: () => (thread.chosenModel = model.id) }
    }),
  ]
}

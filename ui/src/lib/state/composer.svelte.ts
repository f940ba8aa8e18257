import { type Backend, type Failure, failureOf, type StagedFile } from '../backend/backend'
import type { Drafts } from './drafts'

/** The question that is being written in a thread: its text and its files. */
export class Composer {
  #text = $state('')
  files = $state.raw<readonly StagedFile[]>([])
  /** The files that are being read: each by its name, or empty where that is not known. */
  reading = $state.raw<readonly string[]>([])
  /** What a summary of the files is to be about. */
  focus = $state('')
  /** Files that were refused, each with its reason. */
  failures = $state.raw<readonly Failure[]>([])
  /** Why what is written here did not go out; it waits to be sent again. */
  unsent = $state.raw<Failure | null>(null)
  /** A task that was put into the text, from where on; whoever shows the text goes there. */
  begun = $state.raw<{ at: number } | null>(null)
  /** What the person chose for the conversation to be; null leaves it as usual. */
  #chosen = $state<boolean | null>(null)
  #backend: Backend
  #drafts: Drafts
  /** The conversation that is written for; null for the one to be. */
  #place: () => string | null
  #temporary: () => { settled: boolean | null; usual: boolean }

  /** `temporary` tells whether the conversation is, where that is settled, and what is usual where it is not. */
  constructor(
    backend: Backend,
    drafts: Drafts,
    place: () => string | null,
    temporary: () => { settled: boolean | null; usual: boolean },
  ) {
    this.#backend = backend
    this.#drafts = drafts
    this.#place = place
    this.#temporary = temporary
    this.recall()
  }

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text
    // Nothing waits to be sent any more.
    if (this.empty) this.unsent = null
    if (!this.temporary) this.#drafts.set(this.#place(), text)
  }

  /** Whether the conversation is never written to disk. */
  get temporary(): boolean {
    const { settled, usual } = this.#temporary()
    return settled ?? this.#chosen ?? usual
  }

  /** What is temporary is no draft on disk either. */
  set temporary(temporary: boolean) {
    if (temporary) this.#drafts.set(this.#place(), '')
    this.#chosen = temporary
    if (!temporary) this.text = this.#text
  }

  /** Forgets what was chosen for a conversation to be. */
  asUsual(): void {
    this.#chosen = null
  }

  get empty(): boolean {
    return this.#text.trim() === '' && this.files.length === 0
  }

  /** Whether there is anything to show of files. */
  get attached(): boolean {
    return this.files.length > 0 || this.reading.length > 0 || this.failures.length > 0
  }

  /** Shows the draft that is kept. */
  recall(): void {
    this.#text = this.#drafts.of(this.#place())
  }

  /** Puts these words into the text as a quotation, and room for an answer below. */
  quote(words: string): void {
    const quoted = words.trim().split('\n').map((line) => `> ${line}`.trimEnd())
    this.text = `${this.#above}${quoted.join('\n')}\n\n`
  }

  /** Puts a task into the text, below what is written already. */
  begin(task: string): void {
    const above = this.#above
    this.text = `${above}${task}`
    this.begun = { at: above.length }
  }

  /** What is written already, with a line between it and what comes below. */
  get #above(): string {
    const before = this.#text.trimEnd()
    return before === '' ? '' : `${before}\n\n`
  }

  choose = (): Promise<void> => {
    this.failures = []
    return this.#stage('', async () => this.add(await this.#backend.chooseFiles()))
  }

  async stage(files: readonly File[]): Promise<void> {
    this.failures = []
    for (const file of files) {
      await this.#stage(file.name, async () => {
        const data = new Uint8Array(await file.arrayBuffer())
        this.add([await this.#backend.stageFile(file.name, data)])
      })
    }
  }

  /** Takes the image that lies on the clipboard, where the web view does not hand it over. */
  pasteImage = (name: string): Promise<void> =>
    this.#stage(name, async () => {
      const image = await this.#backend.pasteImage(name)
      if (image) this.add([image])
    })

  add(files: readonly StagedFile[], failures: readonly Failure[] = []): void {
    this.files = [...this.files, ...files]
    this.failures = [...this.failures, ...failures]
  }

  /** These were dropped, and are being read. */
  expect(names: readonly string[]): void {
    this.failures = []
    this.reading = [...this.reading, ...names]
  }

  /** One that was dropped has been read, or could not be. */
  arrived(name: string, file: StagedFile | null, failure: Failure | null): void {
    this.#read(name)
    this.add(file ? [file] : [], failure ? [failure] : [])
  }

  /** What was locked has been read. */
  unlocked(file: StagedFile): void {
    this.files = this.files.map((one) => (one.id === file.id ? file : one))
  }

  async remove(id: string): Promise<void> {
    this.files = this.files.filter((file) => file.id !== id)
    await this.#backend.unstage(id).catch((error: unknown) => this.add([], [failureOf(error)]))
  }

  /** The question has gone out: what was typed since then stays. */
  sent(text: string, files: readonly StagedFile[], place: string | null): void {
    this.unsent = null
    this.failures = []
    this.files = this.files.filter((file) => !files.includes(file))
    // The draft of the conversation to be is not that of the one it has become.
    if (place !== this.#place() && [text, this.#text].includes(this.#drafts.of(place))) this.#drafts.set(place, '')
    const left = this.#text === text ? '' : this.#text
    this.text = left
    this.#drafts.flush()
  }

  async #stage(name: string, call: () => Promise<void>): Promise<void> {
    this.reading = [...this.reading, name]
    try {
      await call()
    } catch (error) {
      this.add([], [failureOf(error)])
    }
    this.#read(name)
  }

  /** It is being read no longer. */
  #read(name: string): void {
    const place = this.reading.indexOf(name)
    if (place >= 0) this.reading = this.reading.toSpliced(place, 1)
  }
}

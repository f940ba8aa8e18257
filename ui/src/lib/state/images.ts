import type { Backend } from '../backend/backend'

/** How many images are held once they have been seen. */
const HELD = 40

/** The images attached to messages, read once for as long as they are near. */
export class Images {
  #sources = new Map<string, Promise<string>>()
  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** The image as a `data:` address. One that could not be read is read again the next time. */
  load(id: string): Promise<string> {
    const source = this.#sources.get(id) ?? this.#backend.attachment(id)
    source.catch(() => this.#sources.delete(id))
    // The last one asked for goes last; the first one is let go of.
    this.#sources.delete(id)
    this.#sources.set(id, source)
    for (const oldest of this.#sources.keys()) {
      if (this.#sources.size <= HELD) break
      this.#sources.delete(oldest)
    }
    return source
  }
}

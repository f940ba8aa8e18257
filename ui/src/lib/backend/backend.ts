import type {
  Activity,
  AloudEnd,
  AnswerEvent,
  Asked,
  AuditEntry,
  AuditState,
  Backups,
  ContextUse,
  Conversation,
  DocumentPage,
  Draft,
  EndpointDraft,
  EndpointReport,
  EndpointView,
  Exchange,
  ExportFormat,
  Failure,
  FileChange,
  Folder,
  Found,
  FolderChange,
  ImportProgress,
  ImportReport,
  Inspection,
  KeptPrompt,
  KeyChange,
  Leaving,
  Marking,
  Match,
  Models,
  Order,
  Organisation,
  Outgoing,
  Place,
  PreventionAction,
  PreventionChoice,
  PreventionKind,
  PromptLibrary,
  QuickKeys,
  Retention,
  Settings,
  ShellEvent,
  SpokenText,
  StagedFile,
  Status,
  Storage,
  StoreAccess,
  StoreConfig,
  SyncState,
  TextTranslation,
  ThreadView,
  TranslationChoices,
  TranslationProgress,
  TranslationReport,
  UpdateState,
  View,
  WritingRequest,
  Written,
} from './bindings'

export type * from './bindings'

export type Listener = (event: AnswerEvent) => void

/** How many conversations a page of a list holds at most. */
export const PAGE = 200

/** A text that leaves Bureau. */
export interface TextFile {
  name: string
  text: string
}

/** What the page can ask of the program. Every call rejects with a {@link CommandError}. */
export interface Backend {
  status(): Promise<Status>
  /** Makes the history, locked by the passphrase, or by the keychain without one. */
  createVault(passphrase: string | null): Promise<Status>
  unlock(passphrase: string): Promise<Status>
  startTemporary(): Promise<Status>
  /** Opens a history without a passphrase after a lock. */
  unlockWithKeychain(): Promise<Status>
  /**
   * Locks the history in all windows, each told before and after, or ends the program. False, and nothing is done, where
   * something would end with it that was never written, unless that is `confirmed`.
   */
  leave(leaving: Leaving, confirmed: boolean): Promise<boolean>
  /** Says that what was being written is handed over, and what is to be shown again: a conversation, the model chosen in it. */
  handedOver(conversation: string | null, model: string | null): Promise<void>
  /** Forgets all that the page ever held, which begins anew; false where it cannot by itself. */
  forget(): boolean
  /** Tells that a person is there. */
  stir(): Promise<void>
  acceptNotice(): Promise<Status>
  /** The first one, or another in place of `old`. */
  setPassphrase(old: string | null, passphrase: string): Promise<Status>

  /** At most {@link PAGE} of a list after a place: pinned ones first, then the last changed ones. */
  conversations(view: View, after: Place | null): Promise<Conversation[]>
  conversation(id: string): Promise<Conversation>
  /** Those whose titles have words with these beginnings, the last changed first, at most 20. */
  titled(words: string): Promise<Conversation[]>
  /** All of it; `on` is told of its parts as they come, the end first, then what comes before that. */
  openConversation(conversation: string, on?: (part: ThreadView) => void): Promise<ThreadView>
  selectBranch(message: string): Promise<ThreadView>
  rename(conversation: string, title: string): Promise<Conversation>
  setPinned(conversation: string, pinned: boolean): Promise<Conversation>
  /** What a conversation is marked with; null where the organisation has no markings. */
  marking(conversation: string): Promise<Marking | null>
  mark(conversation: string, level: string): Promise<Marking | null>
  setConversationInstructions(conversation: string, text: string): Promise<Conversation>

  folders(): Promise<Folder[]>
  tags(): Promise<string[]>
  createFolder(name: string): Promise<Folder>
  changeFolder(folder: string, change: FolderChange): Promise<Folder>
  /** Holds it with what lies in it, or lets it go. */
  holdFolder(folder: string, held: boolean): Promise<Folder>
  /** Its conversations stay, without a folder. */
  deleteFolder(folder: string): Promise<void>
  /** The system's own dialog; the folder as it was when it is cancelled. */
  addFolderFiles(folder: string): Promise<Folder>
  removeFolderFile(folder: string, file: string): Promise<Folder>

  // Each of many at once: all of them or none.
  moveToFolder(conversations: string[], folder: string | null): Promise<Conversation[]>
  setArchived(conversations: string[], archived: boolean): Promise<Conversation[]>
  setTag(conversations: string[], tag: string, borne: boolean): Promise<Conversation[]>
  setHeld(conversations: string[], held: boolean): Promise<Conversation[]>
  /** Into the trash, from which {@link restoreConversations} brings them back for 30 days. */
  deleteConversations(conversations: string[]): Promise<void>
  restoreConversations(conversations: string[]): Promise<Conversation[]>
  /** At once and for good. */
  eraseConversations(conversations: string[]): Promise<void>
  emptyTrash(): Promise<void>
  duplicate(conversation: string, title: string): Promise<Conversation>
  /** A new conversation that holds all of them; they go to the trash. */
  merge(conversations: string[], title: string): Promise<Conversation>

  activity(): Promise<Activity>
  auditState(): Promise<AuditState | null>
  auditEntries(before: number | null): Promise<AuditEntry[]>
  /** To where the system's own dialog says: one file, or a folder of files for several; false when it is cancelled. */
  exportConversations(conversations: string[], format: ExportFormat): Promise<boolean>
  exportView(view: View, format: ExportFormat): Promise<boolean>
  /** From a file that the system's own dialog asks for; null when it is cancelled. */
  importConversations(on: (progress: ImportProgress) => void): Promise<ImportReport | null>
  stopImport(): Promise<void>
  retention(): Promise<Retention>
  setRetention(retention: Retention): Promise<Retention>

  search(query: string, order: Order): Promise<Match[]>
  /** The query with its misspelt words put right, where that finds more than nothing. */
  suggest(query: string): Promise<string | null>

  send(question: Asked, on: Listener): Promise<void>
  // `confirmed`: the person has said that what is asked about before it leaves may go.
  edit(message: string, text: string, model: string | null, confirmed: boolean, on: Listener): Promise<void>
  regenerate(message: string, model: string | null, confirmed: boolean, on: Listener): Promise<void>
  continueAnswer(message: string, confirmed: boolean, on: Listener): Promise<void>
  /** What is found in a text while it is written, if it went to this model. */
  checkText(conversation: string | null, text: string, model: string | null): Promise<Found[]>
  /** What would be sent for a question; nothing is stored or sent. */
  preview(question: Asked): Promise<Outgoing>
  stop(conversation: string): Promise<void>
  /** What was sent for an answer and what came back, without the key; null where nothing went out. */
  exchange(message: string): Promise<Exchange | null>
  contextUse(question: Asked): Promise<ContextUse>

  drafts(): Promise<Draft[]>
  setDraft(conversation: string | null, text: string): Promise<void>
  /** The system's own dialog; nothing when it is cancelled. */
  chooseFiles(): Promise<StagedFile[]>
  stageFile(name: string, data: Uint8Array): Promise<StagedFile>
  /** The text that lies on the clipboard; empty where there is none. */
  pasteText(): Promise<string>
  /** What a waiting file says. */
  stagedText(id: string): Promise<string>
  /** The image on the clipboard, where the web view does not hand it to the page. */
  pasteImage(name: string): Promise<StagedFile | null>
  /** Reads a staged file that opens with a password; it stays where that is wrong. */
  unlockStaged(id: string, password: string): Promise<StagedFile>
  unstage(id: string): Promise<void>
  /** An image as a `data:` address. */
  attachment(id: string): Promise<string>
  /** A page of a document that was sent; the first is 0. */
  documentPage(id: string, page: number): Promise<DocumentPage>
  /** Its picture, about so many pixels wide, as a `data:` address; null where its original is no longer to be had. */
  pagePicture(id: string, page: number, width: number): Promise<string | null>
  /** The page with the passage that a link of an answer names, between U+0002 and U+0003. */
  passage(conversation: string, address: string): Promise<DocumentPage>

  setSettings(settings: Settings): Promise<Settings>
  endpoints(): Promise<EndpointView[]>
  saveEndpoint(previous: string | null, draft: EndpointDraft, key: KeyChange): Promise<EndpointView[]>
  removeEndpoint(name: string): Promise<EndpointView[]>
  testEndpoint(previous: string | null, draft: EndpointDraft, key: KeyChange): Promise<EndpointReport>
  /** In the system's browser; waits for the person. */
  signIn(endpoint: string): Promise<EndpointView[]>
  /** Gives up a sign-in that waits. */
  cancelSignIn(endpoint: string): Promise<void>
  signOut(endpoint: string): Promise<EndpointView[]>
  /** The password or PIN of its client certificate; an empty one is forgotten. */
  setCertificateSecret(endpoint: string, secret: string): Promise<EndpointView[]>
  /** Endpoints that fail do not hide the models of the others. */
  models(): Promise<Models>
  instructions(): Promise<string>
  setInstructions(text: string): Promise<void>

  backups(): Promise<Backups>
  /** By the passphrase, or by a new recovery key without one. */
  protectBackups(passphrase: string | null): Promise<Backups>
  recoveryKey(): Promise<string>
  /** The system's own dialog; nothing has changed when it is cancelled. */
  chooseBackupFolder(): Promise<Backups>
  setBackupSchedule(days: number, keep: number): Promise<Backups>
  stopBackups(): Promise<Backups>
  /** To where the system's own dialog says; false when it is cancelled. */
  backUp(): Promise<boolean>
  /** The scheduled one, at once. */
  backUpNow(): Promise<Backups>
  /** The system's own dialog; the file's name, or null when it is cancelled. */
  chooseBackup(): Promise<string | null>
  /** Puts the chosen backup in the place of the history, given its passphrase or recovery key. */
  restoreBackup(secret: string): Promise<void>
  restoreLastBackup(): Promise<void>
  /** Opens a history in which damage was found, to be read alone. */
  readDamaged(): Promise<void>

  syncState(): Promise<SyncState>
  /** The system's own dialog; the folder, or null when it is cancelled. */
  chooseSyncFolder(): Promise<string | null>
  /** In an empty store, or in the chosen folder without one; without a key the system gives access. */
  startSync(store: StoreConfig | null, key: StoreAccess | null): Promise<SyncState>
  joinSync(store: StoreConfig | null, key: StoreAccess | null, code: string): Promise<SyncState>
  syncNow(): Promise<SyncState>
  /** What lets another machine join. */
  syncCode(): Promise<string>
  stopSync(): Promise<SyncState>

  /** Looks for a newer policy of the organisation; null where there is none. */
  refreshPolicy(): Promise<Organisation | null>

  /** What is done about each kind of thing that is found in what is sent. */
  prevention(): Promise<PreventionChoice[]>
  /** Keeps what a person wants done about a kind; rejects with `forbidden` what is milder than the organisation’s. */
  setPrevention(kind: PreventionKind, action: PreventionAction): Promise<PreventionChoice[]>

  storage(): Promise<Storage>
  /** The problems found; none when all is well. */
  verify(): Promise<string[]>
  deleteAll(): Promise<void>
  diagnostics(): Promise<string>

  /** A diagram of a fence of this language (Mermaid, Graphviz) as SVG, which only shows. */
  drawDiagram(language: string, source: string, dark: boolean): Promise<string>
  /** The languages that shown texts are in, where that is sure. */
  textLanguages(texts: readonly string[]): Promise<(string | null)[]>
  /** Works on a text; `on` is told of what has come so far. */
  writeText(number: number, request: WritingRequest, on: (text: string) => void): Promise<Written>
  stopWriting(number: number): Promise<void>
  /**
   * Reads these aloud by the system's own voices, in place of whatever is read; `on` is told of each as it begins. Comes
   * back when it has ended.
   */
  readAloud(sentences: SpokenText[], on: (place: number) => void): Promise<AloudEnd>
  stopReadingAloud(): Promise<void>
  /** The library of prompts; a person's own are those that come along, in the language of `locale`, until they are changed. */
  prompts(locale: string): Promise<PromptLibrary>
  /** Keeps a person's own. */
  setPrompts(prompts: KeptPrompt[]): Promise<PromptLibrary>
  /** The system's own dialog; the library as it is when it is cancelled. */
  importPrompts(locale: string): Promise<PromptLibrary>
  /** The system's own dialog; false when it is cancelled. */
  exportPrompts(locale: string): Promise<boolean>
  /** The changes that an answer proposes for files that the person gave. */
  codeChanges(message: string): Promise<FileChange[]>
  /** Writes one that is as it was shown into its file. */
  applyChange(message: string, name: string, version: string): Promise<FileChange[]>
  undoChange(message: string, name: string): Promise<FileChange[]>
  /** The system's own dialog; false when it is cancelled. */
  saveText(name: string, text: string): Promise<boolean>
  /** Tells the person by the system, unless they look at this window or want no such thing. */
  notify(text: string): Promise<void>
  openWindow(conversation: string | null): Promise<void>
  /** Closes this window, as its own button does. */
  closeWindow(): Promise<void>
  /** Starts to drag a text out of the window as a file, while the button of the mouse is held. */
  dragOut(file: TextFile): Promise<void>
  /** Puts the window for a quick question away. */
  hideQuick(): Promise<void>
  /** Brings up the window for a quick question; where the history is locked, it is refused. */
  showQuick(): Promise<void>
  /** Gives the window for a quick question this height, in pixels. */
  resizeQuick(height: number): Promise<void>
  /** The keys that bring it up, and whether they are heard. */
  quickKeys(): Promise<QuickKeys>
  /** Tells what happens around this window, as long as it lives. */
  subscribe(on: (event: ShellEvent) => void): Promise<void>
  inspectLink(conversation: string | null, address: string): Promise<Inspection>
  openLink(address: string): Promise<void>

  /** By the glossary of the conversation's folder; one translation at a time in each window. */
  translateText(text: string, choices: TranslationChoices, on: (progress: TranslationProgress) => void): Promise<TextTranslation>
  /** A staged file; what comes of it waits for {@link saveTranslation}. */
  translateFile(file: string, choices: TranslationChoices, on: (progress: TranslationProgress) => void): Promise<TranslationReport>
  /** What is done is kept. */
  stopTranslation(): Promise<void>
  /** To where the system's own dialog says; false when it is cancelled. */
  saveTranslation(): Promise<boolean>

  /** How Bureau's own renewal stands; what goes wrong with it is told there. */
  updateState(): Promise<UpdateState>
  lookForUpdate(): Promise<UpdateState>
  /** From where an earlier attempt ended. */
  downloadUpdate(): Promise<UpdateState>
  stopUpdate(): Promise<void>
  installUpdate(): Promise<UpdateState>
  /** Starts Bureau again, once a newer version is installed. */
  restart(confirmed: boolean): Promise<boolean>
}

/** A command's failure, as something that can be thrown. */
export class CommandError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** Whatever was thrown, as a failure. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, retry_after: null }
}

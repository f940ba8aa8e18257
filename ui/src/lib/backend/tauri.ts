import { Channel } from '@tauri-apps/api/core'
import { type Backend, CommandError, type Failure, type MessageView, type ThreadView } from './backend'
import { commands } from './bindings'

type Outcome<T> = { status: 'ok'; data: T } | { status: 'error'; error: Failure }

async function result<T>(call: Promise<Outcome<T>>): Promise<T> {
  const outcome = await call
  if (outcome.status === 'ok') return outcome.data
  // Tauri itself rejects with a bare string, for instance when a command is not allowed.
  if (typeof outcome.error === 'string') throw new Error(outcome.error)
  throw new CommandError(outcome.error)
}

async function done(call: Promise<Outcome<unknown>>): Promise<void> {
  await result(call)
}

function channel<T>(on: (event: T) => void): Channel<T> {
  return new Channel(on)
}

/** A thread that comes in parts, its end first; the command may be done before the last of them is here. */
function inParts(
  call: (parts: Channel<ThreadView>) => Promise<Outcome<unknown>>,
  on: (part: ThreadView) => void = () => undefined,
): Promise<ThreadView> {
  const messages: MessageView[][] = []
  return new Promise((resolve, reject) => {
    const parts = channel<ThreadView>((part) => {
      messages.unshift(part.messages)
      on(part)
      if (part.from_start) resolve({ ...part, messages: messages.flat() })
    })
    done(call(parts)).catch(reject)
  })
}

/** The program itself, through Tauri's commands. */
export const tauri: Backend = {
  status: () => result(commands.status()),
  createVault: (passphrase) => result(commands.createVault(passphrase)),
  unlock: (passphrase) => result(commands.unlock(passphrase)),
  startTemporary: () => result(commands.startTemporary()),
  unlockWithKeychain: () => result(commands.unlockWithKeychain()),
  leave: (leaving, confirmed) => result(commands.leave(leaving, confirmed)),
  handedOver: (conversation, model) => done(commands.handedOver(conversation, model)),
  forget: () => {
    location.reload()
    return true
  },
  stir: () => done(commands.stir()),
  acceptNotice: () => result(commands.acceptNotice()),
  setPassphrase: (old, passphrase) => result(commands.setPassphrase(old, passphrase)),

  conversations: (view, after) => result(commands.conversations(view, after)),
  conversation: (id) => result(commands.conversation(id)),
  titled: (words) => result(commands.titled(words)),
  openConversation: (conversation, on) => inParts((parts) => commands.openConversation(conversation, parts), on),
  selectBranch: (message) => result(commands.selectBranch(message)),
  rename: (conversation, title) => result(commands.rename(conversation, title)),
  setPinned: (conversation, pinned) => result(commands.setPinned(conversation, pinned)),
  marking: (conversation) => result(commands.marking(conversation)),
  mark: (conversation, level) => result(commands.mark(conversation, level)),
  setConversationInstructions: (conversation, text) => result(commands.setConversationInstructions(conversation, text)),
  search: (query, order) => result(commands.search(query, order)),
  suggest: (query) => result(commands.suggest(query)),

  folders: () => result(commands.folders()),
  tags: () => result(commands.tags()),
  createFolder: (name) => result(commands.createFolder(name)),
  changeFolder: (folder, change) => result(commands.changeFolder(folder, change)),
  holdFolder: (folder, held) => result(commands.holdFolder(folder, held)),
  deleteFolder: (folder) => done(commands.deleteFolder(folder)),
  addFolderFiles: (folder) => result(commands.addFolderFiles(folder)),
  removeFolderFile: (folder, file) => result(commands.removeFolderFile(folder, file)),

  moveToFolder: (conversations, folder) => result(commands.moveToFolder(conversations, folder)),
  setArchived: (conversations, archived) => result(commands.setArchived(conversations, archived)),
  setTag: (conversations, tag, borne) => result(commands.setTag(conversations, tag, borne)),
  setHeld: (conversations, held) => result(commands.setHeld(conversations, held)),
  deleteConversations: (conversations) => done(commands.deleteConversations(conversations)),
  restoreConversations: (conversations) => result(commands.restoreConversations(conversations)),
  eraseConversations: (conversations) => done(commands.eraseConversations(conversations)),
  emptyTrash: () => done(commands.emptyTrash()),
  duplicate: (conversation, title) => result(commands.duplicate(conversation, title)),
  merge: (conversations, title) => result(commands.merge(conversations, title)),

  activity: () => result(commands.activity()),
  auditState: () => result(commands.auditState()),
  auditEntries: (before) => result(commands.auditEntries(before)),
  exportConversations: (conversations, format) => result(commands.exportConversations(conversations, format)),
  exportView: (view, format) => result(commands.exportView(view, format)),
  importConversations: (on) => result(commands.importConversations(channel(on))),
  stopImport: () => done(commands.stopImport()),
  retention: () => result(commands.retention()),
  setRetention: (retention) => result(commands.setRetention(retention)),

  send: (question, on) => done(commands.send(question, channel(on))),
  edit: (message, text, model, confirmed, on) => done(commands.edit(message, text, model, confirmed, channel(on))),
  regenerate: (message, model, confirmed, on) => done(commands.regenerate(message, model, confirmed, channel(on))),
  continueAnswer: (message, confirmed, on) => done(commands.continueAnswer(message, confirmed, channel(on))),
  checkText: (conversation, text, model) => result(commands.checkText(conversation, text, model)),
  preview: (question) => result(commands.preview(question)),
  stop: (conversation) => done(commands.stop(conversation)),

  exchange: (message) => result(commands.exchange(message)),
  contextUse: (question) => result(commands.contextUse(question)),

  drafts: () => result(commands.drafts()),
  setDraft: (conversation, text) => done(commands.setDraft(conversation, text)),
  chooseFiles: () => result(commands.chooseFiles()),
  stageFile: (name, data) => result(commands.stageFile(name, [...data])),
  // Where the program reads none, the web view lets the page read it.
  pasteText: async () => (await result(commands.pasteText())) ?? navigator.clipboard.readText().catch(() => ''),
  stagedText: (id) => result(commands.stagedText(id)),
  pasteImage: (name) => result(commands.pasteImage(name)),
  unlockStaged: (id, password) => result(commands.unlockStaged(id, password)),
  unstage: (id) => done(commands.unstage(id)),
  attachment: (id) => result(commands.attachment(id)),
  documentPage: (id, page) => result(commands.documentPage(id, page)),
  pagePicture: (id, page, width) => result(commands.pagePicture(id, page, width)),
  passage: (conversation, address) => result(commands.passage(conversation, address)),

  setSettings: (settings) => result(commands.setSettings(settings)),
  endpoints: () => result(commands.endpoints()),
  saveEndpoint: (previous, draft, key) => result(commands.saveEndpoint(previous, draft, key)),
  removeEndpoint: (name) => result(commands.removeEndpoint(name)),
  testEndpoint: (previous, draft, key) => result(commands.testEndpoint(previous, draft, key)),
  signIn: (endpoint) => result(commands.signIn(endpoint)),
  cancelSignIn: (endpoint) => done(commands.cancelSignIn(endpoint)),
  signOut: (endpoint) => result(commands.signOut(endpoint)),
  setCertificateSecret: (endpoint, secret) => result(commands.setCertificateSecret(endpoint, secret)),
  instructions: () => result(commands.instructions()),
  setInstructions: (text) => done(commands.setInstructions(text)),

  backups: () => result(commands.backups()),
  protectBackups: (passphrase) => result(commands.protectBackups(passphrase)),
  recoveryKey: () => result(commands.recoveryKey()),
  chooseBackupFolder: () => result(commands.chooseBackupFolder()),
  setBackupSchedule: (days, keep) => result(commands.setBackupSchedule(days, keep)),
  stopBackups: () => result(commands.stopBackups()),
  backUp: () => result(commands.backUp()),
  backUpNow: () => result(commands.backUpNow()),
  chooseBackup: () => result(commands.chooseBackup()),
  restoreBackup: (secret) => done(commands.restoreBackup(secret)),
  restoreLastBackup: () => done(commands.restoreLastBackup()),
  readDamaged: () => done(commands.readDamaged()),

  syncState: () => result(commands.syncState()),
  chooseSyncFolder: () => result(commands.chooseSyncFolder()),
  startSync: (store, key) => result(commands.startSync(store, key)),
  joinSync: (store, key, code) => result(commands.joinSync(store, key, code)),
  syncNow: () => result(commands.syncNow()),
  syncCode: () => result(commands.syncCode()),
  stopSync: () => result(commands.stopSync()),

  refreshPolicy: () => result(commands.refreshPolicy()),
  prevention: () => result(commands.prevention()),
  setPrevention: (kind, action) => result(commands.setPrevention(kind, action)),

  storage: () => result(commands.storage()),
  verify: () => result(commands.verify()),
  deleteAll: () => done(commands.deleteAll()),
  diagnostics: () => result(commands.diagnostics()),

  drawDiagram: (language, source, dark) => result(commands.drawDiagram(language, source, dark)),
  textLanguages: (texts) => result(commands.textLanguages([...texts])),
  writeText: (number, request, on) => result(commands.writeText(number, request, channel(on))),
  readAloud: (sentences, on) => result(commands.readAloud(sentences, channel(on))),
  stopReadingAloud: () => done(commands.stopReadingAloud()),
  stopWriting: (number) => done(commands.stopWriting(number)),
  prompts: (locale) => result(commands.prompts(locale)),
  setPrompts: (prompts) => result(commands.setPrompts(prompts)),
  importPrompts: (locale) => result(commands.importPrompts(locale)),
  exportPrompts: (locale) => result(commands.exportPrompts(locale)),
  codeChanges: (message) => result(commands.codeChanges(message)),
  applyChange: (message, name, version) => result(commands.applyChange(message, name, version)),
  undoChange: (message, name) => result(commands.undoChange(message, name)),
  saveText: (name, text) => result(commands.saveText(name, text)),
  notify: (text) => done(commands.notify(text)),
  dragOut: ({ name, text }) => done(commands.dragOut(name, text)),
  openWindow: (conversation) => done(commands.openWindow(conversation)),
  closeWindow: () => done(commands.closeWindow()),
  hideQuick: () => done(commands.hideQuick()),
  showQuick: () => done(commands.showQuick()),
  resizeQuick: (height) => done(commands.resizeQuick(height)),
  quickKeys: () => result(commands.quickKeys()),
  subscribe: (on) => done(commands.subscribe(channel(on))),

  models: () => result(commands.models()),
  inspectLink: (conversation, address) => result(commands.inspectLink(conversation, address)),
  openLink: (address) => done(commands.openLink(address)),

  translateText: (text, choices, on) => result(commands.translateText(text, choices, channel(on))),
  translateFile: (file, choices, on) => result(commands.translateFile(file, choices, channel(on))),
  stopTranslation: () => done(commands.stopTranslation()),
  saveTranslation: () => result(commands.saveTranslation()),

  updateState: () => result(commands.updateState()),
  lookForUpdate: () => result(commands.lookForUpdate()),
  downloadUpdate: () => result(commands.downloadUpdate()),
  stopUpdate: () => done(commands.stopUpdate()),
  installUpdate: () => result(commands.installUpdate()),
  restart: (confirmed) => result(commands.restart(confirmed)),
}

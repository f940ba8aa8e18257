import type { Action, DestinationKind, Outcome } from './backend/backend'
import { m } from './paraglide/messages'

/** What a destination speaks, by the name that every language has for it. */
export const DESTINATIONS: Record<DestinationKind, string> = { syslog: 'Syslog', otlp: 'OTLP' }

const ACTIONS: Record<Action, () => string> = {
  'program.start': m.audit_action_program_start,
  'policy.load': m.audit_action_policy_load,
  'policy.refuse': m.audit_action_policy_refuse,
  'history.create': m.audit_action_history_create,
  'history.unlock': m.audit_action_history_unlock,
  'history.lock': m.audit_action_history_lock,
  'history.recover': m.audit_action_history_recover,
  'history.temporary': m.audit_action_history_temporary,
  'history.keys': m.audit_action_history_keys,
  'history.delete': m.audit_action_history_delete,
  'history.damaged': m.audit_action_history_damaged,
  'banner.accept': m.audit_action_banner_accept,
  'identity.sign_in': m.audit_action_identity_sign_in,
  'identity.sign_out': m.audit_action_identity_sign_out,
  'message.send': m.audit_action_message_send,
  'message.edit': m.audit_action_message_edit,
  'message.regenerate': m.audit_action_message_regenerate,
  'message.continue': m.audit_action_message_continue,
  'text.write': m.audit_action_text_write,
  'file.change': m.audit_action_file_change,
  'conversation.delete': m.audit_action_conversation_delete,
  'conversation.restore': m.audit_action_conversation_restore,
  'conversation.erase': m.audit_action_conversation_erase,
  'trash.empty': m.audit_action_trash_empty,
  'conversation.hold': m.audit_action_conversation_hold,
  'folder.hold': m.audit_action_folder_hold,
  'folder.change': m.audit_action_folder_change,
  'folder.delete': m.audit_action_folder_delete,
  'retention.change': m.audit_action_retention_change,
  'retention.erase': m.audit_action_retention_erase,
  'conversation.export': m.audit_action_conversation_export,
  'conversation.import': m.audit_action_conversation_import,
  'backup.create': m.audit_action_backup_create,
  'backup.restore': m.audit_action_backup_restore,
  'backup.change': m.audit_action_backup_change,
  'backup.key': m.audit_action_backup_key,
  'sync.start': m.audit_action_sync_start,
  'sync.stop': m.audit_action_sync_stop,
  'sync.code': m.audit_action_sync_code,
  'settings.change': m.audit_action_settings_change,
  'instructions.change': m.audit_action_instructions_change,
  'endpoint.change': m.audit_action_endpoint_change,
  'endpoint.remove': m.audit_action_endpoint_remove,
  'endpoint.test': m.audit_action_endpoint_test,
  'update.download': m.audit_action_update_download,
  'update.install': m.audit_action_update_install,
  'audit.begin': m.audit_action_audit_begin,
  'audit.key': m.audit_action_audit_key,
  'audit.checkpoint': m.audit_action_audit_checkpoint,
  'audit.mend': m.audit_action_audit_mend,
  'audit.gap': m.audit_action_audit_gap,
  'audit.remove': m.audit_action_audit_remove,
  'audit.reject': m.audit_action_audit_reject,
  'audit.export': m.audit_action_audit_export,
}

const OUTCOMES: Record<Outcome, () => string> = {
  begun: m.audit_begun,
  done: m.audit_done,
  failed: m.audit_failed,
  refused: m.audit_refused,
}

/** What was done, in words. */
export const actionText = (action: Action): string => ACTIONS[action]()

/** How it came out, in words. */
export const outcomeText = (outcome: Outcome): string => OUTCOMES[outcome]()

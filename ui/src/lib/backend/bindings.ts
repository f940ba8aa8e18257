// Generated from the Rust commands and types; do not edit.
// eslint-disable

import { invoke as __TAURI_INVOKE, Channel } from "@tauri-apps/api/core";

/** Commands */
export const commands = {
	status: () => typedError<Status, Failure>(__TAURI_INVOKE("status")),
	createVault: (passphrase: string | null) => typedError<Status, Failure>(__TAURI_INVOKE("create_vault", { passphrase })),
	unlock: (passphrase: string) => typedError<Status, Failure>(__TAURI_INVOKE("unlock", { passphrase })),
	startTemporary: () => typedError<Status, Failure>(__TAURI_INVOKE("start_temporary")),
	conversations: () => typedError<Conversation[], Failure>(__TAURI_INVOKE("conversations")),
	openConversation: (conversation: string) => typedError<ThreadView, Failure>(__TAURI_INVOKE("open_conversation", { conversation })),
	selectBranch: (message: string) => typedError<ThreadView, Failure>(__TAURI_INVOKE("select_branch", { message })),
	rename: (conversation: string, title: string) => typedError<Conversation, Failure>(__TAURI_INVOKE("rename", { conversation, title })),
	deleteConversation: (conversation: string) => typedError<null, Failure>(__TAURI_INVOKE("delete_conversation", { conversation })),
	restoreConversation: (conversation: string) => typedError<Conversation, Failure>(__TAURI_INVOKE("restore_conversation", { conversation })),
	setPinned: (conversation: string, pinned: boolean) => typedError<Conversation, Failure>(__TAURI_INVOKE("set_pinned", { conversation, pinned })),
	setConversationInstructions: (conversation: string, text: string) => typedError<Conversation, Failure>(__TAURI_INVOKE("set_conversation_instructions", { conversation, text })),
	search: (query: string) => typedError<Match[], Failure>(__TAURI_INVOKE("search", { query })),
	send: (conversation: string | null, text: string, model: string | null, files: string[], temporary: boolean, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("send", { conversation, text, model, files, temporary, events })),
	edit: (message: string, text: string, model: string | null, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("edit", { message, text, model, events })),
	regenerate: (message: string, model: string | null, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("regenerate", { message, model, events })),
	continueAnswer: (message: string, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("continue_answer", { message, events })),
	stop: (conversation: string) => typedError<null, Failure>(__TAURI_INVOKE("stop", { conversation })),
	exchange: (message: string) => typedError<Exchange | null, Failure>(__TAURI_INVOKE("exchange", { message })),
	contextUse: (conversation: string | null, text: string, model: string | null) => typedError<ContextUse, Failure>(__TAURI_INVOKE("context_use", { conversation, text, model })),
	drafts: () => typedError<Draft[], Failure>(__TAURI_INVOKE("drafts")),
	setDraft: (conversation: string | null, text: string) => typedError<null, Failure>(__TAURI_INVOKE("set_draft", { conversation, text })),
	chooseFiles: () => typedError<StagedFile[], Failure>(__TAURI_INVOKE("choose_files")),
	stageFile: (name: string, data: number[]) => typedError<StagedFile, Failure>(__TAURI_INVOKE("stage_file", { name, data })),
	unstage: (id: string) => typedError<null, Failure>(__TAURI_INVOKE("unstage", { id })),
	attachment: (id: string) => typedError<string, Failure>(__TAURI_INVOKE("attachment", { id })),
	setSettings: (settings: Settings) => typedError<Settings, Failure>(__TAURI_INVOKE("set_settings", { settings })),
	endpoints: () => typedError<EndpointView[], Failure>(__TAURI_INVOKE("endpoints")),
	saveEndpoint: (previous: string | null, draft: EndpointDraft, key: KeyChange) => typedError<EndpointView[], Failure>(__TAURI_INVOKE("save_endpoint", { previous, draft, key })),
	removeEndpoint: (name: string) => typedError<EndpointView[], Failure>(__TAURI_INVOKE("remove_endpoint", { name })),
	testEndpoint: (previous: string | null, draft: EndpointDraft, key: KeyChange) => typedError<EndpointReport, Failure>(__TAURI_INVOKE("test_endpoint", { previous, draft, key })),
	instructions: () => typedError<string, Failure>(__TAURI_INVOKE("instructions")),
	setInstructions: (text: string) => typedError<null, Failure>(__TAURI_INVOKE("set_instructions", { text })),
	storage: () => typedError<Storage, Failure>(__TAURI_INVOKE("storage")),
	verify: () => typedError<string[], Failure>(__TAURI_INVOKE("verify")),
	deleteAll: () => typedError<null, Failure>(__TAURI_INVOKE("delete_all")),
	diagnostics: () => typedError<string, Failure>(__TAURI_INVOKE("diagnostics")),
	saveText: (name: string, text: string) => typedError<boolean, Failure>(__TAURI_INVOKE("save_text", { name, text })),
	openWindow: (conversation: string | null) => typedError<null, Failure>(__TAURI_INVOKE("open_window", { conversation })),
	subscribe: (events: Channel<ShellEvent>) => typedError<null, Failure>(__TAURI_INVOKE("subscribe", { events })),
	models: () => typedError<ModelInfo[], Failure>(__TAURI_INVOKE("models")),
	inspectLink: (conversation: string | null, address: string) => typedError<Inspection, Failure>(__TAURI_INVOKE("inspect_link", { conversation, address })),
	openLink: (address: string) => typedError<null, Failure>(__TAURI_INVOKE("open_link", { address })),
};

/* Types */
export type Access = "new" | "locked" | "open" | "temporary";

export type AnswerEvent = { type: "started"; conversation: Conversation; question: MessageView | null; answer: MessageView } | { type: "patch"; message: string; first_block: number; blocks: Block[] } | { type: "reasoning"; message: string; text: string } | { type: "dropped"; message: string; count: number } | { type: "ended"; message: MessageView; conversation: Conversation };

export type Attachment = {
	id: string,
	name: string,
	media_type: string,
	size: number,
};

export type Block = {
	html: string,
};

export type ContextUse = {
	tokens: number,
	limit: number | null,
	messages: number,
	dropped: number,
};

export type Conversation = {
	id: string,
	title: string,
	leaf: string | null,
	model: string | null,
	pinned: boolean,
	instructions: string,
	temporary: boolean,
	created: number | null,
	updated: number | null,
};

export type Density = "comfortable" | "compact";

export type Draft = {
	conversation: string | null,
	text: string,
};

export type EndpointDraft = {
	name: string,
	address: string,
	kind: EndpointKind,
	api_version: string | null,
	allow_http: boolean,
};

export type EndpointKind = "open-ai-chat" | "open-ai-responses" | "azure";

export type EndpointReport = {
	models: ModelInfo[],
	milliseconds: number,
};

export type EndpointView = {
	draft: EndpointDraft,
	has_key: boolean,
	fixed: boolean,
};

export type Exchange = {
	endpoint: string,
	model: string,
	request: string,
	response: string,
	milliseconds: number | null,
	first_milliseconds: number | null,
};

export type Failure = {
	code: FailureCode,
	message: string,
	retry_after: number | null,
};

export type FailureCode = "wrong_key" | "unknown_model" | "too_long" | "rate_limited" | "content_filter" | "server_fault" | "rejected" | "not_the_protocol" | "unreachable" | "unknown_host" | "tls" | "timed_out" | "cut_off" | "configuration" | "model_unavailable" | "not_found" | "invalid" | "locked" | "no_key" | "storage" | "damaged" | "busy" | "newer_version" | "internal";

export type FinishReason = "stop" | "length" | "content_filter" | "cancelled" | "other";

export type Inspection = {
	address: string,
	display: string,
	host: string,
	host_ascii: string,
	warnings: Warning[],
};

export type KeyChange = { type: "keep" } | { type: "set"; key: string } | { type: "forget" };

export type Match = {
	conversation: string,
	message: string | null,
	title: string,
	snippet: string,
};

export type MessageState = "complete" | "streaming" | "stopped" | "interrupted" | "failed";

export type MessageView = {
	id: string,
	parent: string | null,
	role: Role,
	text: string,
	blocks: Block[],
	reasoning: string,
	state: MessageState,
	failure: Failure | null,
	finish: FinishReason | null,
	model: string | null,
	built_in: boolean,
	usage: Usage | null,
	attachments: Attachment[],
	siblings: string[],
	created: number | null,
	milliseconds: number | null,
};

export type ModelInfo = {
	id: string,
	name: string,
	endpoint: string | null,
	built_in: boolean,
};

export type Role = "system" | "user" | "assistant";

export type Settings = {
	language: string | null,
	theme: Theme,
	density: Density,
	text_size: number,
	enter_sends: boolean,
	model: string | null,
	notify: boolean,
};

export type ShellEvent = { type: "conversation"; conversation: Conversation } | { type: "removed"; conversation: string } | { type: "drafted"; draft: Draft } | { type: "settings"; settings: Settings } | { type: "endpoints" } | { type: "dragging"; over: boolean } | { type: "staged"; files: StagedFile[]; failures: Failure[] } | { type: "open"; conversation: string | null };

export type Slot = "keychain" | "passphrase";

export type StagedFile = {
	id: string,
	name: string,
	media_type: string,
	size: number,
};

export type Status = {
	access: Access,
	keychain: boolean,
	endpoint: string | null,
	version: string,
	settings: Settings,
};

export type Storage = {
	folder: string,
	bytes: number,
	conversations: number,
	messages: number,
	slots: Slot[],
};

export type Theme = "system" | "light" | "dark";

export type ThreadView = {
	conversation: Conversation,
	messages: MessageView[],
};

export type Usage = {
	input_tokens: number,
	output_tokens: number,
};

export type Warning = "punycode" | "mixed_script" | "invisible_characters" | "user_info" | "ip_address" | "carries_conversation" | "not_encrypted";

/* Tauri Specta runtime */
async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
    try {
        return { status: "ok", data: await result };
    } catch (e) {
        if (e instanceof Error) throw e;
        return { status: "error", error: e as any };
    }
}

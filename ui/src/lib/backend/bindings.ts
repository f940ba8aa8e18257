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
	search: (query: string) => typedError<Match[], Failure>(__TAURI_INVOKE("search", { query })),
	send: (conversation: string | null, text: string, model: string | null, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("send", { conversation, text, model, events })),
	edit: (message: string, text: string, model: string | null, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("edit", { message, text, model, events })),
	regenerate: (message: string, model: string | null, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("regenerate", { message, model, events })),
	continueAnswer: (message: string, events: Channel<AnswerEvent>) => typedError<null, Failure>(__TAURI_INVOKE("continue_answer", { message, events })),
	stop: (conversation: string) => typedError<null, Failure>(__TAURI_INVOKE("stop", { conversation })),
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

export type Conversation = {
	id: string,
	title: string,
	leaf: string | null,
	model: string | null,
	created: number | null,
	updated: number | null,
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
};

export type ModelInfo = {
	id: string,
	built_in: boolean,
};

export type Role = "system" | "user" | "assistant";

export type Status = {
	access: Access,
	keychain: boolean,
	endpoint: string | null,
	version: string,
};

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

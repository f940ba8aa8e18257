//! The built-in model: ChatModel on llama.cpp.

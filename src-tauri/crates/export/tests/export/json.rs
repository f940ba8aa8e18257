//! JSON holds everything, and its schema says so.

use conversation::PortableConversation;
use export::{Format, JsonWriter};
use proptest::prelude::*;
use serde_json::Value;

use super::samples::{any_conversation, everything, exported};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../../docs/export.schema.json")).unwrap()
}

fn written(conversations: &[PortableConversation]) -> Value {
    let mut out = Vec::new();
    let mut json = JsonWriter::begin(&mut out).unwrap();
    for conversation in conversations {
        json.add(conversation).unwrap();
    }
    json.end().unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn what_is_no_tree_is_refused_and_leaves_the_file_whole() {
    let mut broken = everything();
    broken.messages[1].parent = Some(1);
    let mut out = Vec::new();
    let mut json = JsonWriter::begin(&mut out).unwrap();
    json.add(&broken).unwrap_err();
    json.add(&everything()).unwrap();
    json.end().unwrap();
    let value: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(value["conversations"].as_array().unwrap().len(), 1);
}

#[test]
fn the_schema_accepts_what_is_written_and_nothing_else() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut value = written(&[everything(), everything()]);
    let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    for (path, wrong) in [
        ("/version", Value::from(2)),
        ("/conversations/0/created", Value::from("today")),
        ("/conversations/0/messages/0/state", Value::from("streaming")),
        ("/conversations/0/messages/1/files/0/data", Value::Null),
        ("/conversations/0/messages/1/usage/input_tokens", Value::from(-1)),
    ] {
        let right = std::mem::replace(value.pointer_mut(path).unwrap(), wrong);
        assert!(!validator.is_valid(&value), "{path}");
        *value.pointer_mut(path).unwrap() = right;
    }
}

/// The schema of a definition must name exactly the fields that an object has in which every one
/// is set.
#[test]
fn every_field_stands_in_the_schema() {
    let schema = schema();
    let value = written(&[everything()]);
    let conversation = &value["conversations"][0];
    let message = &conversation["messages"][1];
    for (definition, object) in [
        ("conversation", conversation),
        ("message", message),
        ("file", &message["files"][0]),
        ("failure", &message["failure"]),
        ("usage", &message["usage"]),
    ] {
        let names = |object: &Value| {
            let mut names: Vec<_> = object.as_object().unwrap().keys().cloned().collect();
            names.sort();
            names
        };
        assert_eq!(
            names(&schema["$defs"][definition]["properties"]),
            names(object),
            "{definition}"
        );
    }
}

/// The names of an enumeration, as its own complaint about an unknown one lists them.
fn names_of<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let error = serde_json::from_str::<T>("\"?\"").err().unwrap().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_name_of_an_enumeration_stands_in_the_schema() {
    let schema = schema();
    let listed = |path: &str| -> Vec<String> {
        serde_json::from_value(schema.pointer(path).unwrap().clone()).unwrap()
    };
    let message = "/$defs/message/properties";
    assert_eq!(listed(&format!("{message}/role/enum")), names_of::<conversation::Role>());
    assert_eq!(listed(&format!("{message}/finish/enum")), names_of::<conversation::FinishReason>());
    assert_eq!(
        listed("/$defs/failure/properties/code/enum"),
        names_of::<conversation::FailureCode>()
    );
    let mut states = names_of::<conversation::MessageState>();
    states.retain(|state| state != "streaming");
    assert_eq!(listed(&format!("{message}/state/enum")), states);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(conversation in any_conversation()) {
        let value: Value = serde_json::from_slice(&exported(&conversation, Format::Json)).unwrap();
        let read: Vec<PortableConversation> = serde_json::from_value(value["conversations"].clone()).unwrap();
        prop_assert_eq!(read, vec![conversation]);
    }
}

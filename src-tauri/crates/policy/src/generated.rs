//! What is made from the policy's type: its JSON Schema, and the template of Group Policy. They lie
//! in the repository for administrators, and must be current; so must the example in the
//! documentation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Format, Policy};

mod group_policy;

/// `BUREAU_WRITE_GENERATED=1 cargo test --workspace --lib generated` writes them anew.
const WRITE: &str = "BUREAU_WRITE_GENERATED";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn check(file: &str, current: &str) {
    let file = root().join(file);
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, current).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default().replace('\r', "");
    assert!(
        kept == current,
        "{} is stale: run {WRITE}=1 cargo test --workspace --lib generated",
        file.display()
    );
}

/// In the order of the names, whether or not another crate of the workspace has maps of JSON keep
/// theirs.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, sorted(value)));
            members.collect::<BTreeMap<_, _>>().into_iter().collect()
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        other => other,
    }
}

fn schema() -> Value {
    sorted(schemars::schema_for!(Policy).into())
}

#[test]
fn the_schema_is_current() {
    check("docs/policy.schema.json", &format!("{:#}\n", schema()));
}

#[test]
fn the_template_of_group_policy_is_current() {
    let template = group_policy::Template::of(&schema());
    check("packaging/windows/bureau.admx", &template.definitions());
    check("packaging/windows/en-US/bureau.adml", &template.words());
}

/// Every `toml` block of the documentation is a policy, and the first one names every member.
#[test]
fn the_example_is_a_policy_with_every_member() {
    let text = std::fs::read_to_string(root().join("docs/policy.md")).unwrap();
    let examples: Vec<_> =
        text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    for example in &examples {
        Policy::parse("docs/policy.md", example, Format::Toml).unwrap();
    }
    let members = members(&schema());
    assert!(members.len() > 30, "{members:?}");
    for member in members {
        let named = examples[0].lines().any(|line| {
            let line = line.trim_start_matches(['#', ' ']);
            line.starts_with(&format!("{member} ="))
                || line.starts_with(&format!("[{member}"))
                || line.contains(&format!(".{member}."))
                || line.contains(&format!(".{member}]"))
        });
        assert!(named, "the example does not name {member}");
    }
}

/// The names of the members of every section.
fn members(schema: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for section in schema["properties"].as_object().unwrap().values() {
        let sections =
            std::iter::once(section).chain(section["anyOf"].as_array().into_iter().flatten());
        for section in sections {
            let Some(reference) = section["$ref"].as_str() else { continue };
            let section = schema.pointer(reference.trim_start_matches('#')).unwrap();
            names.extend(
                section["properties"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.clone()),
            );
        }
    }
    names.sort();
    names.dedup();
    names
}

/// A policy that the schema refuses is refused here as well, and the other way round.
#[test]
fn the_schema_knows_what_is_no_policy() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (json, good) in [
        ("{}", true),
        (r#"{"version": 1, "features": {"export": ["pdf"], "clipboard": "off"}}"#, true),
        (r#"{"endpoints": {"provided": {"a": {"address": "https://x/v1"}}}}"#, true),
        (r#"{"settings": {"theme": "dark", "language": null}}"#, true),
        (r#"{"groups": [{"name": "g", "features": {}}]}"#, true),
        (r#"{"prompts": [{"name": "n", "text": "t"}]}"#, true),
        (r#"{"colour": 1}"#, false),
        (r#"{"features": {"exprot": []}}"#, false),
        (r#"{"features": {"export": ["odt"]}}"#, false),
        (r#"{"retention": {"max_days": 0}}"#, false),
        (r#"{"endpoints": {"provided": {"a": {}}}}"#, false),
        (r#"{"groups": [{}]}"#, false),
        (r#"{"prompts": [{"name": "", "text": "t"}]}"#, false),
        (r#"{"prompts": [{"folder": "f", "name": "n"}]}"#, false),
    ] {
        assert_eq!(validator.is_valid(&serde_json::from_str(json).unwrap()), good, "{json}");
        assert_eq!(Policy::parse("p", json, Format::Json).is_ok(), good, "{json}");
    }
}

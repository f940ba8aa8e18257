//! A policy as the registry of Windows has it, where Group Policy writes: keys are sections and
//! values their members, by the names that a policy's file has for them.
//!
//! | in the policy | in the registry |
//! | --- | --- |
//! | true, false | `REG_DWORD` 1, 0 |
//! | a number | `REG_DWORD`, `REG_QWORD` |
//! | a text | `REG_SZ`, `REG_EXPAND_SZ` |
//! | a list of texts | `REG_MULTI_SZ`, or a key with one `REG_SZ` each, in the order of their names |
//! | a list of tables | a key with one key each, in the order of their names |
//!
//! A value `Policy` may hold a whole policy as TOML; what else is there is put over it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{Format, Policy, PolicyError};

/// A key of the registry, or what a test takes for one.
#[derive(Debug, Default)]
pub(crate) struct Key {
    pub(crate) values: BTreeMap<String, Entry>,
    pub(crate) keys: BTreeMap<String, Self>,
}

/// A value of the registry.
#[derive(Debug)]
pub(crate) enum Entry {
    Number(u64),
    Text(String),
    Texts(Vec<String>),
}

/// The name of the value that holds a whole policy.
const WHOLE: &str = "Policy";

impl Policy {
    /// Reads a policy from a key; `origin` is what a mistake is said to be in.
    pub(crate) fn of_registry(origin: &str, mut key: Key) -> Result<Self, PolicyError> {
        let malformed =
            |problem: String| PolicyError::Malformed { origin: origin.to_owned(), problem };
        let whole = match key.values.remove(WHOLE) {
            None => None,
            Some(Entry::Text(text)) => Some(text),
            Some(Entry::Texts(lines)) => Some(lines.join("\n")),
            Some(Entry::Number(_)) => return Err(malformed(format!("{WHOLE} is no text"))),
        };
        let mut policy = Value::Object(Map::new());
        if let Some(text) = whole {
            let whole = Self::parse(&format!(r"{origin}\{WHOLE}"), &text, Format::Toml)?;
            policy = serde_json::to_value(whole).map_err(|error| malformed(error.to_string()))?;
        }
        let schema = Value::from(schemars::schema_for!(Policy));
        let over = table(&Schema { root: &schema, own: &schema }, key).map_err(malformed)?;
        put_over(&mut policy, over);
        let policy: Self =
            serde_json::from_value(policy).map_err(|error| malformed(error.to_string()))?;
        policy.checked().map_err(malformed)
    }
}

fn put_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                put_over(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// A part of the policy's JSON Schema.
#[derive(Clone, Copy)]
struct Schema<'a> {
    root: &'a Value,
    own: &'a Value,
}

impl<'a> Schema<'a> {
    fn at(self, own: &'a Value) -> Self {
        Self { own, ..self }.resolved()
    }

    /// Without references, and without the choice to be left out.
    fn resolved(self) -> Self {
        if let Some(reference) = self.own["$ref"].as_str() {
            let target = self.root.pointer(reference.trim_start_matches('#'));
            return target.map_or(self, |own| self.at(own));
        }
        let choices = self.own["anyOf"].as_array();
        let some = choices.and_then(|all| all.iter().find(|choice| choice["type"] != "null"));
        some.map_or(self, |own| self.at(own))
    }

    fn is(self, kind: &str) -> bool {
        match &self.own["type"] {
            Value::String(own) => own == kind,
            Value::Array(several) => several.iter().any(|own| own == kind),
            // A choice of texts.
            _ => kind == "string" && self.own["oneOf"].is_array(),
        }
    }

    /// The schema of a member: one that is named, or that of any.
    fn member(self, name: &str) -> Option<Self> {
        let named = &self.own["properties"][name];
        if !named.is_null() {
            return Some(self.at(named));
        }
        let any = &self.own["additionalProperties"];
        (any.is_object() || *any == Value::Bool(true)).then(|| self.at(any))
    }
}

fn table(schema: &Schema<'_>, key: Key) -> Result<Value, String> {
    let mut members = Map::new();
    let unknown = |name: &str| format!("a policy has no “{name}” there");
    for (name, entry) in key.values {
        let member = schema.member(&name).ok_or_else(|| unknown(&name))?;
        let value = scalar(member, entry).ok_or_else(|| format!("“{name}” is of another kind"))?;
        members.insert(name, value);
    }
    for (name, key) in key.keys {
        let member = schema.member(&name).ok_or_else(|| unknown(&name))?;
        let value = if member.is("array") {
            list(member.at(&member.own["items"]), key)
        } else {
            table(&member, key)
        };
        members.insert(name.clone(), value.map_err(|problem| format!(r"{name}\{problem}"))?);
    }
    Ok(Value::Object(members))
}

fn list(schema: Schema<'_>, key: Key) -> Result<Value, String> {
    // Group Policy names them by numbers.
    let number = |name: &String| name.parse::<u64>().unwrap_or(u64::MAX);
    let mut texts: Vec<_> = key.values.into_iter().collect();
    texts.sort_by_key(|(name, _)| number(name));
    let mut tables: Vec<_> = key.keys.into_iter().collect();
    tables.sort_by_key(|(name, _)| number(name));
    let texts = texts.into_iter().map(|(name, entry)| {
        scalar(schema, entry).ok_or_else(|| format!("“{name}” is of another kind"))
    });
    let tables = tables.into_iter().map(|(_, key)| table(&schema, key));
    texts.chain(tables).collect::<Result<_, _>>().map(Value::Array)
}

fn scalar(schema: Schema<'_>, entry: Entry) -> Option<Value> {
    let free =
        *schema.own == Value::Bool(true) || schema.own.as_object().is_some_and(Map::is_empty);
    Some(match entry {
        Entry::Number(number) if schema.is("boolean") => Value::Bool(match number {
            0 => false,
            1 => true,
            _ => return None,
        }),
        Entry::Number(number) if free || schema.is("integer") || schema.is("number") => {
            number.into()
        }
        // Of a member that can be anything, a text is its JSON, or itself.
        Entry::Text(text) if free => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        Entry::Text(text) if schema.is("string") => Value::String(text),
        Entry::Texts(texts) if free || schema.is("array") => texts.into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(values: Vec<(&str, Entry)>, keys: Vec<(&str, Key)>) -> Key {
        Key {
            values: values.into_iter().map(|(name, entry)| (name.to_owned(), entry)).collect(),
            keys: keys.into_iter().map(|(name, key)| (name.to_owned(), key)).collect(),
        }
    }

    fn text(text: &str) -> Entry {
        Entry::Text(text.to_owned())
    }

    #[test]
    fn a_key_says_what_a_file_would() {
        let work = key(vec![("address", text("https://llm.example/v1"))], vec![]);
        let endpoints = key(
            vec![("own", Entry::Number(0)), ("default", text("work"))],
            vec![
                (
                    "models",
                    key(vec![("1", text("b")), ("10", text("c")), ("2", text("a"))], vec![]),
                ),
                ("provided", key(vec![], vec![("work", work)])),
                ("parameters", key(vec![("store", text("false")), ("user", text("x"))], vec![])),
            ],
        );
        let features = key(
            vec![
                ("sync", Entry::Number(0)),
                ("clipboard", text("paste")),
                ("export", Entry::Texts(vec!["pdf".to_owned()])),
            ],
            vec![],
        );
        let group = key(vec![("name", text("g"))], vec![("features", Key::default())]);
        let all = key(
            vec![("version", Entry::Number(4)), ("organisation", text("Agency"))],
            vec![
                ("endpoints", endpoints),
                ("features", features),
                ("retention", key(vec![("max_days", Entry::Number(30))], vec![])),
                ("settings", key(vec![("theme", text("dark"))], vec![])),
                ("groups", key(vec![], vec![("1", group)])),
            ],
        );
        let file = r#"
            version = 4
            organisation = "Agency"
            [endpoints]
            own = false
            default = "work"
            models = ["b", "a", "c"]
            parameters = { store = false, user = "x" }
            [endpoints.provided.work]
            address = "https://llm.example/v1"
            [features]
            sync = false
            clipboard = "paste"
            export = ["pdf"]
            [retention]
            max_days = 30
            [settings]
            theme = "dark"
            [[groups]]
            name = "g"
            [groups.features]"#;
        let file = Policy::parse("file", file, Format::Toml).unwrap();
        assert_eq!(Policy::of_registry("key", all).unwrap(), file);
    }

    #[test]
    fn values_are_put_over_a_whole_policy() {
        let whole = "version = 1\n[features]\nlinks = false\nsync = false";
        let features = key(vec![("sync", Entry::Number(1))], vec![]);
        let all = key(vec![("Policy", text(whole))], vec![("features", features)]);
        let policy = Policy::of_registry("key", all).unwrap();
        assert!(policy.features.sync && !policy.features.links);
    }

    #[test]
    fn a_mistake_is_told_with_its_key() {
        let problem = |key: Key| Policy::of_registry("key", key).unwrap_err().to_string();
        let wrong = key(vec![("sinc", Entry::Number(1))], vec![]);
        let told = problem(key(vec![], vec![("features", wrong)]));
        assert!(told.contains(r"features\a policy has no “sinc”"), "{told}");
        let wrong = key(vec![("sync", Entry::Number(2))], vec![]);
        let told = problem(key(vec![], vec![("features", wrong)]));
        assert!(told.contains("“sync” is of another kind"), "{told}");
        assert!(problem(key(vec![("Policy", text("versoin = 1"))], vec![])).contains("line 1"));
    }
}

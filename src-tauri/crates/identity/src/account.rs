//! Who is signed in, as the provider says.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most groups that are read, and the most characters of a name: more would be an attack.
const MOST_GROUPS: usize = 2000;
const LONGEST: usize = 200;

/// A person as the provider knows them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Account {
    /// What the provider knows them by; it never changes (`sub`).
    pub subject: String,
    /// What to call them: their name, or what they sign in with.
    pub name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// The groups that the configured claim lists.
    pub groups: Vec<String>,
}

impl Account {
    /// What to show: the name, else the address, else the subject.
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or(&self.subject)
    }

    /// The account that claims speak of.
    pub(crate) fn of(subject: &str, claims: &Map<String, Value>, groups_claim: &str) -> Self {
        let mut account = Self { subject: subject.to_owned(), ..Self::default() };
        account.add(claims, groups_claim);
        account
    }

    /// Adds what these claims say and is not known yet.
    pub(crate) fn add(&mut self, claims: &Map<String, Value>, groups_claim: &str) {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).and_then(short);
        if self.name.is_none() {
            self.name = text("name").or_else(|| text("preferred_username"));
        }
        if self.email.is_none() {
            self.email = text("email");
        }
        if self.groups.is_empty() {
            self.groups = claim(claims, groups_claim).map(groups).unwrap_or_default();
        }
    }

    /// Whether nothing is missing that claims could tell.
    pub(crate) fn is_whole(&self) -> bool {
        self.name.is_some() && !self.groups.is_empty()
    }
}

/// The claim of this name, or at this path of names.
fn claim<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    claims.get(path).or_else(|| {
        let mut names = path.split('.');
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    })
}

/// A list of names; a text alone is one of them.
fn groups(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => short(name).into_iter().collect(),
        Value::Array(names) => {
            names.iter().take(MOST_GROUPS).filter_map(|name| short(name.as_str()?)).collect()
        }
        _ => Vec::new(),
    }
}

fn short(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn account(claims: Value, groups_claim: &str) -> Account {
        Account::of("s1", claims.as_object().unwrap(), groups_claim)
    }

    #[test]
    fn groups_are_a_list_or_one_and_may_lie_deeper() {
        let claims = json!({
            "groups": ["staff", "", 7, "legal"],
            "role": "admin",
            "realm_access": {"roles": ["user"]},
            "https://example.org/groups": ["named.by.address"],
        });
        let groups = |claim: &str| account(claims.clone(), claim).groups;
        assert_eq!(groups("groups"), ["staff", "legal"]);
        assert_eq!(groups("role"), ["admin"]);
        assert_eq!(groups("realm_access.roles"), ["user"]);
        assert_eq!(groups("https://example.org/groups"), ["named.by.address"]);
        assert!(groups("nothing.there").is_empty());
    }

    #[test]
    fn a_label_is_the_best_that_is_known() {
        assert_eq!(account(json!({}), "groups").label(), "s1");
        assert_eq!(account(json!({"email": "a@example.org"}), "groups").label(), "a@example.org");
        let both = json!({"email": "a@example.org", "name": " Anne\u{1b}[2J "});
        assert_eq!(account(both, "groups").label(), "Anne[2J");
    }
}

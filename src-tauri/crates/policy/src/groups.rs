//! What is otherwise for the members of groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Attachments, Endpoints, Features, Lock, Marking, Policy};

/// Sections that hold for the members of a group in the place of the general ones, whole: what such
/// a section leaves out is allowed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The group, as the organisation's sign-in tells it.
    pub name: String,
    /// Which servers and models its members may ask.
    pub endpoints: Option<Endpoints>,
    /// What its members can do.
    pub features: Option<Features>,
    /// Which files its members may send.
    pub attachments: Option<Attachments>,
    /// What is looked for in what its members send, and what is done about it.
    pub prevention: Option<prevention::Rules>,
    /// The audit log of what they do.
    pub audit: Option<audit::Rules>,
    /// When their history is locked. What slows wrong passphrases down before anybody is known is
    /// the general section.
    pub lock: Option<Lock>,
    /// The classification that they mark with.
    pub marking: Option<Marking>,
}

impl Group {
    /// What of its sections cannot be.
    pub(crate) fn problem(&self) -> Option<String> {
        let problems = [
            self.endpoints.as_ref().and_then(Endpoints::problem),
            self.prevention.as_ref().and_then(crate::text::prevention_problem),
            self.audit.as_ref().and_then(audit::Rules::problem),
        ];
        let problem = problems.into_iter().flatten().next()?;
        Some(format!("groups, {}: {problem}", self.name))
    }
}

impl Policy {
    /// The policy for somebody who belongs to these groups. Of the groups of the policy the first
    /// one that they belong to is theirs; who belongs to none, or has not signed in, has the
    /// general sections.
    #[must_use]
    pub fn for_groups(&self, groups: &[String]) -> Self {
        let mut own = self.clone();
        if let Some(group) = self.groups.iter().find(|group| groups.contains(&group.name)).cloned()
        {
            own.endpoints = group.endpoints.unwrap_or(own.endpoints);
            own.features = group.features.unwrap_or(own.features);
            own.attachments = group.attachments.unwrap_or(own.attachments);
            own.prevention = group.prevention.unwrap_or(own.prevention);
            own.audit = group.audit.or(own.audit);
            own.lock = group.lock.unwrap_or(own.lock);
            own.marking = group.marking.or(own.marking);
        }
        own
    }
}

#[cfg(test)]
mod tests {
    use crate::{Format, Policy};

    #[test]
    fn the_first_group_of_a_person_is_theirs_and_others_have_the_general_sections() {
        let text = "
            [endpoints]
            own = false
            [features]
            sync = false
            [[groups]]
            name = \"lawyers\"
            [groups.endpoints]
            models = [\"law-*\"]
            [[groups]]
            name = \"staff\"
            [groups.features]
            links = false";
        let policy = Policy::parse("p", text, Format::Toml).unwrap();
        let of = |groups: &[&str]| {
            policy.for_groups(&groups.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), policy);
        assert_eq!(of(&["others"]), policy);
        let lawyer = of(&["staff", "lawyers"]);
        assert!(!lawyer.endpoints.allows_model("work", "m") && !lawyer.features.sync);
        let staff = of(&["staff"]);
        assert!(staff.features.sync && !staff.features.links && !staff.endpoints.own);
    }

    #[test]
    fn a_group_has_rules_of_its_own_for_what_leaves_what_is_recorded_the_lock_and_markings() {
        let text = "
            [prevention.kinds]
            card = \"block\"
            [lock]
            idle_minutes = 10
            [marking]
            default = \"open\"
            levels = [{ id = \"open\", text = \"OPEN\", colour = \"#ffffff\" }]
            [[groups]]
            name = \"legal\"
            [groups.prevention.kinds]
            iban = \"block\"
            [groups.audit]
            content = true
            [groups.lock]
            passphrase = true
            [groups.marking]
            default = \"secret\"
            levels = [{ id = \"secret\", text = \"SECRET\", colour = \"#c8102e\" }]";
        let policy = Policy::parse("p", text, Format::Toml).unwrap();
        assert!(policy.audit.is_none());
        let legal = policy.for_groups(&["legal".to_owned()]);
        // Each section is the group's, whole.
        let kinds: Vec<_> = legal.prevention.kinds.keys().copied().collect();
        assert_eq!(kinds, [prevention::Kind::Iban]);
        assert!(legal.audit.unwrap().content);
        assert!(legal.lock.passphrase && legal.lock.idle_minutes.is_none());
        assert_eq!(legal.marking.unwrap().lowest().unwrap().id, "secret");
        let nobody = policy.for_groups(&[]);
        assert_eq!(nobody.lock.idle_minutes.map(u32::from), Some(10));
    }
}

//! What is otherwise for the members of groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Attachments, Endpoints, Features, Policy};

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
}

//! The administrative template of Group Policy (ADMX and ADML,
//! <https://learn.microsoft.com/previous-versions/windows/desktop/policy/admx-schema>): one setting
//! for each member of a section that is a switch, a number, a text, a choice or a list, and one for a
//! whole policy as TOML. The registry is read by `registry.rs`.

use std::fmt::Write;

use serde_json::Value;

const KEY: &str = r"SOFTWARE\Policies\Bureau";

pub(super) struct Template {
    settings: Vec<Setting>,
    sections: Vec<(String, String)>,
}

struct Setting {
    section: String,
    name: String,
    about: String,
    kind: Kind,
}

enum Kind {
    Switch,
    Number,
    Text,
    Choice(Vec<String>),
    List,
}

impl Template {
    pub(super) fn of(schema: &Value) -> Self {
        let resolve = |value: &Value| -> Value {
            let choices = value["anyOf"].as_array();
            let some = choices.and_then(|all| all.iter().find(|choice| choice["type"] != "null"));
            let value = some.unwrap_or(value);
            let target = value["$ref"].as_str().and_then(|r| schema.pointer(&r[1..]));
            target.unwrap_or(value).clone()
        };
        let about = |value: &Value| value["description"].as_str().unwrap_or_default().to_owned();
        let mut template = Self { settings: Vec::new(), sections: Vec::new() };
        for (section, value) in schema["properties"].as_object().unwrap() {
            let members = resolve(value);
            match members["properties"].as_object() {
                Some(members) => {
                    template.sections.push((section.clone(), about(value)));
                    for (name, value) in members {
                        if let Some(kind) = Kind::of(&resolve(value), resolve) {
                            let (section, name) = (section.clone(), name.clone());
                            template.settings.push(Setting {
                                section,
                                name,
                                about: about(value),
                                kind,
                            });
                        }
                    }
                }
                None => {
                    if let Some(kind) = Kind::of(&members, resolve) {
                        let (section, name) = (String::new(), section.clone());
                        template.settings.push(Setting {
                            section,
                            name,
                            about: about(value),
                            kind,
                        });
                    }
                }
            }
        }
        template
    }

    /// The ADMX file.
    pub(super) fn definitions(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<!-- Generated from the policy's type; do not edit. -->
<policyDefinitions xmlns=\"http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions\" revision=\"1.0\" schemaVersion=\"1.0\">
  <policyNamespaces>
    <target prefix=\"bureau\" namespace=\"Bureau.Policies\" />
    <using prefix=\"windows\" namespace=\"Microsoft.Policies.Windows\" />
  </policyNamespaces>
  <resources minRequiredRevision=\"1.0\" />
  <categories>
    <category name=\"bureau\" displayName=\"$(string.bureau)\" />
",
        );
        for (section, _) in &self.sections {
            let _ = writeln!(
                text,
                "    <category name=\"{section}\" displayName=\"$(string.category_{section})\"><parentCategory ref=\"bureau\" /></category>"
            );
        }
        text.push_str("  </categories>\n  <policies>\n");
        text.push_str(&whole());
        for setting in &self.settings {
            text.push_str(&setting.definition());
        }
        text.push_str("  </policies>\n</policyDefinitions>\n");
        text
    }

    /// The ADML file, in English.
    pub(super) fn words(&self) -> String {
        let mut strings = String::new();
        let mut presentations = String::new();
        let mut string = |id: &str, text: &str| {
            let _ = writeln!(strings, "      <string id=\"{id}\">{}</string>", escaped(text));
        };
        string("bureau", "Bureau");
        string("policy", "A whole policy");
        string(
            "policy_about",
            "The text of a policy's file (TOML). What is set by the other settings is put over it.",
        );
        for (section, about) in &self.sections {
            string(
                &format!("category_{section}"),
                &format!("{section}: {}", about.trim_end_matches('.')),
            );
        }
        for setting in &self.settings {
            let id = setting.id();
            string(&id, &setting.title());
            string(&format!("{id}_about"), &setting.about);
            if let Kind::Choice(choices) = &setting.kind {
                for choice in choices {
                    string(&format!("{id}_{choice}"), choice);
                }
            }
        }
        let _ = writeln!(
            presentations,
            "      <presentation id=\"policy\"><multiTextBox refId=\"policy_value\">Policy (TOML)</multiTextBox></presentation>"
        );
        for setting in &self.settings {
            let (id, label) = (setting.id(), escaped(&setting.name));
            let control = match &setting.kind {
                Kind::Switch => continue,
                Kind::Number => {
                    format!("<decimalTextBox refId=\"{id}_value\">{label}</decimalTextBox>")
                }
                Kind::Text => {
                    format!("<textBox refId=\"{id}_value\"><label>{label}</label></textBox>")
                }
                Kind::Choice(_) => {
                    format!("<dropdownList refId=\"{id}_value\">{label}</dropdownList>")
                }
                Kind::List => format!("<listBox refId=\"{id}_value\">{label}</listBox>"),
            };
            let _ =
                writeln!(presentations, "      <presentation id=\"{id}\">{control}</presentation>");
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<!-- Generated from the policy's type; do not edit. -->
<policyDefinitionResources xmlns=\"http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions\" revision=\"1.0\" schemaVersion=\"1.0\">
  <displayName>Bureau</displayName>
  <description>What an organisation decides for all who use Bureau.</description>
  <resources>
    <stringTable>
{strings}    </stringTable>
    <presentationTable>
{presentations}    </presentationTable>
  </resources>
</policyDefinitionResources>
"
        )
    }
}

/// The setting of a whole policy.
fn whole() -> String {
    format!(
        "    <policy name=\"policy\" class=\"Machine\" displayName=\"$(string.policy)\" explainText=\"$(string.policy_about)\" presentation=\"$(presentation.policy)\" key=\"{KEY}\">
      <parentCategory ref=\"bureau\" />
      <supportedOn ref=\"windows:SUPPORTED_Windows_10_0\" />
      <elements><multiText id=\"policy_value\" valueName=\"Policy\" /></elements>
    </policy>\n"
    )
}

impl Kind {
    fn of(value: &Value, resolve: impl Fn(&Value) -> Value) -> Option<Self> {
        let is = |kind: &str| match &value["type"] {
            Value::String(own) => own == kind,
            Value::Array(several) => several.iter().any(|own| own == kind),
            _ => false,
        };
        if let Some(choices) = value["oneOf"].as_array() {
            let names = choices.iter().map(|choice| choice["const"].as_str().map(str::to_owned));
            return names.collect::<Option<_>>().map(Self::Choice);
        }
        if is("boolean") {
            Some(Self::Switch)
        } else if is("integer") {
            Some(Self::Number)
        } else if is("string") {
            Some(Self::Text)
        } else if is("array") {
            // Lists of tables are written in a whole policy.
            resolve(&value["items"])["properties"].is_null().then_some(Self::List)
        } else {
            None
        }
    }
}

impl Setting {
    fn id(&self) -> String {
        if self.section.is_empty() {
            self.name.clone()
        } else {
            format!("{}_{}", self.section, self.name)
        }
    }

    /// The first sentence of what is told of it, after its name.
    fn title(&self) -> String {
        let first = self.about.split(". ").next().unwrap_or_default();
        format!("{}: {}", self.name, first.trim_end_matches('.'))
    }

    fn definition(&self) -> String {
        let id = self.id();
        let key = if self.section.is_empty() {
            KEY.to_owned()
        } else {
            format!(r"{KEY}\{}", self.section)
        };
        let category = if self.section.is_empty() { "bureau" } else { &self.section };
        let value = &self.name;
        let (attributes, elements) = match &self.kind {
            Kind::Switch => (
                format!(" valueName=\"{value}\""),
                "<enabledValue><decimal value=\"1\" /></enabledValue><disabledValue><decimal value=\"0\" /></disabledValue>".to_owned(),
            ),
            kind => {
                let element = match kind {
                    Kind::Number => format!("<decimal id=\"{id}_value\" valueName=\"{value}\" minValue=\"0\" maxValue=\"4294967295\" />"),
                    Kind::List => format!("<list id=\"{id}_value\" key=\"{key}\\{value}\" valuePrefix=\"\" />"),
                    Kind::Choice(choices) => {
                        let items: String = choices
                            .iter()
                            .map(|choice| format!("<item displayName=\"$(string.{id}_{choice})\"><value><string>{choice}</string></value></item>"))
                            .collect();
                        format!("<enum id=\"{id}_value\" valueName=\"{value}\" required=\"true\">{items}</enum>")
                    }
                    Kind::Text | Kind::Switch => format!("<text id=\"{id}_value\" valueName=\"{value}\" />"),
                };
                (format!(" presentation=\"$(presentation.{id})\""), format!("<elements>{element}</elements>"))
            }
        };
        format!(
            "    <policy name=\"{id}\" class=\"Machine\" displayName=\"$(string.{id})\" explainText=\"$(string.{id}_about)\" key=\"{key}\"{attributes}>
      <parentCategory ref=\"{category}\" />
      <supportedOn ref=\"windows:SUPPORTED_Windows_10_0\" />
      {elements}
    </policy>\n"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

//! The rules of a policy that apply, one by one, for a person to read. The window has words for
//! each.

use policy::{Action, Clipboard, ExportFormat, FileKind, Policy};
use serde::{Deserialize, Serialize};

/// A rule that a policy can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Endpoints of one's own are not used.
    NoOwnEndpoints,
    /// Endpoints of one's own are at these servers.
    Servers,
    /// These endpoints are provided.
    ProvidedEndpoints,
    /// These models alone are asked.
    Models,
    /// These members go with every request.
    Parameters,
    /// Endpoints are reached through this proxy.
    Proxy,
    /// These certificate authorities are trusted.
    CaCertificates,
    /// The model on this machine is not used.
    NoBuiltInModel,
    /// Nothing is exported.
    NoExport,
    /// Conversations are exported in these formats alone.
    ExportFormats,
    /// Nothing is copied out.
    NoCopy,
    /// Nothing is copied out, and no file is pasted.
    NoClipboard,
    /// Nothing is dragged out.
    NoDragOut,
    /// The history is not shared with other machines.
    NoSync,
    /// No conversation is temporary.
    NoTemporary,
    /// Nothing is brought in.
    NoImport,
    /// Links are not opened.
    NoLinks,
    /// No backups are made.
    NoBackup,
    /// Nothing is written into files.
    NoFileChanges,
    /// Nothing is read aloud.
    NoReadingAloud,
    /// No files are sent.
    NoAttachments,
    /// Files of these kinds alone are sent.
    AttachmentKinds,
    /// Files have so many bytes at most.
    AttachmentSize,
    /// Conversations are erased after so many days.
    Retention,
    /// Nothing is deleted.
    Hold,
    /// Updates come from this channel.
    UpdateChannel,
    /// Bureau is updated by the organisation alone.
    NoUpdates,
    /// The history is locked after so many minutes without a stir, at the latest.
    LockIdle,
    /// The history is always locked with the operating system's session.
    LockWithSystem,
    /// The history has a passphrase.
    Passphrase,
    /// So many passphrases can be wrong before the next one has to wait.
    Tries,
    /// A notice is accepted before anything else.
    Notice,
    /// Windows, exports and prints are marked so, or higher.
    Marking,
    /// The organisation's recovery key opens the history and backups.
    Recovery,
    /// So many prompts are provided.
    ProvidedPrompts,
}

/// A rule that applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct AppliedRule {
    /// Which one.
    pub rule: Rule,
    /// What it names: models, formats, a number of days; as they stand in the policy.
    pub values: Vec<String>,
    /// Why, in the organisation's own words.
    pub reason: Option<String>,
}

/// Every rule of a policy that applies.
pub(crate) fn applied_rules(policy: &Policy) -> Vec<AppliedRule> {
    let mut rules = Vec::new();
    let Policy { endpoints, network, features, attachments, retention, updates, .. } = policy;
    let mut add = |applies: bool, rule: Rule, values: Vec<String>, reason: &Option<String>| {
        if applies {
            let reason = policy.reason_or(reason.as_deref()).map(str::to_owned);
            rules.push(AppliedRule { rule, values, reason });
        }
    };
    let patterns = |patterns: &[policy::Pattern]| -> Vec<String> {
        patterns.iter().map(|pattern| pattern.0.clone()).collect()
    };

    let reason = &endpoints.reason;
    let provided: Vec<_> = endpoints.provided.keys().cloned().collect();
    add(!provided.is_empty(), Rule::ProvidedEndpoints, provided, reason);
    add(!endpoints.own, Rule::NoOwnEndpoints, Vec::new(), reason);
    let servers = patterns(&endpoints.servers);
    add(endpoints.own && !servers.is_empty(), Rule::Servers, servers, reason);
    add(!endpoints.models.is_empty(), Rule::Models, patterns(&endpoints.models), reason);
    let parameters: Vec<_> =
        endpoints.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    add(!parameters.is_empty(), Rule::Parameters, parameters, reason);

    let proxy: Vec<_> = network.proxy.iter().map(|proxy| endpoint::without_user(proxy)).collect();
    add(!proxy.is_empty(), Rule::Proxy, proxy, &network.reason);
    let authorities: Vec<_> =
        network.ca_certificates.iter().map(|file| file.display().to_string()).collect();
    add(!authorities.is_empty(), Rule::CaCertificates, authorities, &network.reason);

    let reason = &features.reason;
    let forbids = |action| policy.permit(action).is_err();
    add(forbids(Action::AskBuiltInModel), Rule::NoBuiltInModel, Vec::new(), reason);
    let formats: Vec<_> = features.export.iter().map(|format| format.as_str().to_owned()).collect();
    add(formats.is_empty(), Rule::NoExport, Vec::new(), reason);
    let some = ExportFormat::ALL.iter().any(|format| !features.export.contains(format));
    add(some && !formats.is_empty(), Rule::ExportFormats, formats, reason);
    add(features.clipboard == Clipboard::Paste, Rule::NoCopy, Vec::new(), reason);
    add(features.clipboard == Clipboard::Off, Rule::NoClipboard, Vec::new(), reason);
    for (action, rule) in [
        (Action::DragOut, Rule::NoDragOut),
        (Action::Sync, Rule::NoSync),
        (Action::ConverseTemporarily, Rule::NoTemporary),
        (Action::Import, Rule::NoImport),
        (Action::OpenLinks, Rule::NoLinks),
        (Action::BackUp, Rule::NoBackup),
        (Action::ChangeFiles, Rule::NoFileChanges),
        (Action::ReadAloud, Rule::NoReadingAloud),
    ] {
        add(forbids(action), rule, Vec::new(), reason);
    }

    let reason = &attachments.reason;
    add(forbids(Action::Attach), Rule::NoAttachments, Vec::new(), reason);
    let some = FileKind::ALL.iter().any(|kind| !attachments.kinds.contains(kind));
    let kinds: Vec<_> = attachments.kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    add(some && !kinds.is_empty(), Rule::AttachmentKinds, kinds, reason);
    let size: Vec<_> = attachments.max_bytes.iter().map(ToString::to_string).collect();
    add(!size.is_empty(), Rule::AttachmentSize, size, reason);

    let days: Vec<_> = retention.max_days.iter().map(ToString::to_string).collect();
    add(!days.is_empty() && !retention.hold, Rule::Retention, days, &retention.reason);
    add(retention.hold, Rule::Hold, Vec::new(), &retention.reason);

    let channel: Vec<_> = updates.channel.iter().cloned().collect();
    add(!updates.allowed(), Rule::NoUpdates, Vec::new(), &updates.reason);
    add(updates.allowed() && !channel.is_empty(), Rule::UpdateChannel, channel, &updates.reason);

    let lock = &policy.lock;
    let number = |number: Option<std::num::NonZeroU32>| -> Vec<String> {
        number.iter().map(ToString::to_string).collect()
    };
    let minutes = number(lock.idle_minutes);
    add(!minutes.is_empty(), Rule::LockIdle, minutes, &lock.reason);
    add(lock.with_system, Rule::LockWithSystem, Vec::new(), &lock.reason);
    add(lock.passphrase, Rule::Passphrase, Vec::new(), &lock.reason);
    let tries = number(lock.tries);
    add(!tries.is_empty(), Rule::Tries, tries, &lock.reason);
    add(policy.banner.is_some(), Rule::Notice, Vec::new(), &None);
    let marking = policy.marking.as_ref().and_then(|marking| marking.lowest());
    let marking: Vec<_> = marking.iter().map(|level| level.text.clone()).collect();
    add(!marking.is_empty(), Rule::Marking, marking, &None);
    add(policy.recovery.key.is_some(), Rule::Recovery, Vec::new(), &None);
    let prompts = policy.prompts.len();
    add(prompts > 0, Rule::ProvidedPrompts, vec![prompts.to_string()], &None);
    rules
}

/// The settings that a policy fixes, by their names.
pub(crate) fn managed_settings(policy: &Policy) -> Vec<&'static str> {
    let fixed = &policy.settings;
    let without_temporary = !policy.features.temporary;
    [
        ("language", fixed.language.is_some()),
        ("theme", fixed.theme.is_some()),
        ("density", fixed.density.is_some()),
        ("text_size", fixed.text_size.is_some()),
        ("enter_sends", fixed.enter_sends.is_some()),
        ("model", fixed.model.is_some()),
        ("notify", fixed.notify.is_some()),
        ("quick_keys", fixed.quick_keys.is_some()),
        ("background", fixed.background.is_some()),
        ("temporary", fixed.temporary.is_some() || without_temporary),
        ("model_titles", fixed.model_titles.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, is_fixed)| is_fixed.then_some(name))
    .collect()
}

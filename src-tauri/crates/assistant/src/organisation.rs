//! The organisation's policy: where it comes from, when it is looked for again, and what of it
//! applies to this person. What it forbids is refused where it would be done, by
//! [`Assistant::permit`].

use std::sync::{Arc, MutexGuard, PoisonError};

use audit::{Event, Outcome};
use conversation::Failure;
use endpoint::{EndpointConfig, fetch};
use policy::{Action, Cache, FileKind, Policy, Refusal, Source};
use serde::{Deserialize, Serialize};

use crate::applied::{AppliedRule, applied_rules, managed_settings};
use crate::prevention::{AppliedFinding, applied_findings};
use crate::{Assistant, AttachedFile, Change, effective};

/// Where the policy in force comes from, and what became of a newer one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Governing {
    /// That of the managed place; none where a test or nobody has set one.
    base: Option<Policy>,
    /// The one in force, for all groups.
    whole: Policy,
    /// The groups that the person belongs to.
    groups: Vec<String>,
    /// Whether the one in force was fetched.
    fetched: bool,
    /// Why a newer one is not in force.
    problem: Option<String>,
}

/// The organisation, and what it decides for this person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Organisation {
    /// What it is called.
    pub name: Option<String>,
    /// Why there are rules, in its own words.
    pub reason: Option<String>,
    /// The version of its policy.
    #[specta(type = u32)]
    pub version: u64,
    /// Where its policy is fetched from, if it is.
    pub source: Option<String>,
    /// Whether the one in force was; else it is that of the managed place.
    pub fetched: bool,
    /// Why a newer policy is not in force, where that is so; in English.
    pub problem: Option<String>,
    /// Every rule that applies.
    pub rules: Vec<AppliedRule>,
    /// What is done about what is found in what is sent, the strictest first; empty where the
    /// organisation looks for nothing.
    pub prevention: Vec<AppliedFinding>,
    /// Why, in its own words.
    pub prevention_reason: Option<String>,
    /// The settings that a person cannot change, by the names that [`Settings`](crate::Settings)
    /// has for them.
    pub settings: Vec<String>,
    /// Why not, in its own words.
    pub settings_reason: Option<String>,
}

impl Assistant {
    /// The same under this policy; without one, nothing is forbidden.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        self.govern(Governing { whole: policy, ..Governing::default() });
        self
    }

    /// The same under the policy of this machine: the one that was fetched last, where it names a
    /// source and something good was.
    ///
    /// # Errors
    /// [`FailureCode::Configuration`](conversation::FailureCode::Configuration) where there is one
    /// that cannot be used: no program may go on then.
    pub fn under_the_policy_of_this_machine(self) -> Result<Self, Failure> {
        self.look_for_policy()?;
        Ok(self)
    }

    /// The policy in force, for the groups that the person belongs to.
    pub fn policy(&self) -> Arc<Policy> {
        self.policy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the organisation permits this.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`](conversation::FailureCode::Forbidden) with its reason where it
    /// does not.
    pub fn permit(&self, action: Action) -> Result<(), Failure> {
        self.policy().permit(action)
    }

    /// Whether the organisation permits a file of this name to be sent.
    pub(crate) fn permit_file(&self, name: &str, data: &[u8]) -> Result<(), Failure> {
        self.permit(Action::Attach)?;
        let policy = self.policy();
        let section = &policy.attachments;
        let reason = section.reason.as_deref();
        if let Some(most) = section.max_bytes.filter(|most| data.len() as u64 > *most) {
            let what = format!("{name} has more than the {most} bytes that a file may have");
            return Err(policy.forbidden(&what, reason));
        }
        if section.kinds.len() < FileKind::ALL.len() {
            let kind = kind_of(name, data)?;
            if !section.kinds.contains(&kind) {
                let what =
                    format!("{name} is of a kind that is not to be sent ({})", kind.as_str());
                return Err(policy.forbidden(&what, reason));
            }
        }
        Ok(())
    }

    /// Whether the organisation permits these files, which were read already, to be sent.
    pub(crate) fn permit_files(&self, files: &[AttachedFile]) -> Result<(), Failure> {
        files.iter().try_for_each(|file| match file.media_type.as_str() {
            // What it was read of is known no more; it was asked for when it was read.
            documents::MEDIA_TYPE => self.permit(Action::Attach),
            _ => self.permit_file(&file.name, &file.data),
        })
    }

    /// The organisation and what it decides; none where there is no policy.
    pub fn organisation(&self) -> Option<Organisation> {
        let policy = self.policy();
        let governing = self.governing();
        if *policy == Policy::default() && governing.base.as_ref().is_none_or(is_default) {
            return None;
        }
        let source = governing.base.as_ref().and_then(|base| base.source.as_ref());
        Some(Organisation {
            name: policy.organisation.clone(),
            reason: policy.reason.clone(),
            version: policy.version,
            source: source.map(|source| source.address.clone()),
            fetched: governing.fetched,
            problem: governing.problem.clone(),
            rules: applied_rules(&policy),
            prevention: applied_findings(&policy.prevention),
            prevention_reason: policy
                .reason_or(policy.prevention.reason.as_deref())
                .map(str::to_owned),
            settings_reason: policy.reason_or(policy.settings.reason.as_deref()).map(str::to_owned),
            settings: managed_settings(&policy).into_iter().map(str::to_owned).collect(),
        })
    }

    /// Lets the policy's sections for these groups hold, the person having signed in.
    pub(crate) fn set_groups(&self, groups: Vec<String>) {
        let governing = self.governing();
        if governing.groups == groups {
            return;
        }
        let before = governing.clone();
        drop(governing);
        self.govern(Governing { groups, ..before });
    }

    /// The endpoints that the policy provides to everybody, whatever their group.
    pub(crate) fn provided_to_all(&self) -> Vec<EndpointConfig> {
        let policy = self.policy();
        let mut provided: Vec<_> =
            self.governing().whole.endpoints.provided.values().cloned().collect();
        provided.iter_mut().for_each(|endpoint| effective::prescribe(&policy, endpoint));
        provided
    }

    /// Looks for the policy again: reads the managed place, and asks its source. What is not good is
    /// told with how the organisation stands, and what was in force goes on.
    pub async fn refresh_policy(&self) -> Option<Organisation> {
        if let Err(failure) = self.look_for_policy() {
            self.note_policy_problem(failure.message);
        } else if let Some(source) = self.policy_source() {
            self.fetch_policy(&source).await;
        }
        self.heed_groups();
        self.organisation()
    }

    /// The same once the policy is due to be looked for again.
    pub async fn refresh_policy_if_due(&self) {
        match self.policy_source() {
            Some(source) if self.policy_cache().is_due(&source) => {
                self.refresh_policy().await;
            }
            // The managed place lies on this machine and costs nothing.
            _ => {
                if let Err(failure) = self.look_for_policy() {
                    self.note_policy_problem(failure.message);
                }
                // Another program may have signed the person in or out.
                self.heed_groups();
            }
        }
    }

    /// Reads the managed place, and what was fetched last. A policy that was given stays.
    fn look_for_policy(&self) -> Result<(), Failure> {
        let base = Policy::of_this_machine()?;
        let kept = base.source.as_ref().map(|source| self.policy_cache().kept(&base, source));
        let (fetched, problem) = match kept {
            None => (None, None),
            Some(Ok(kept)) => (kept, None),
            Some(Err(refusal)) => (None, Some(told(&refusal))),
        };
        let groups = self.governing().groups.clone();
        self.govern(Governing {
            fetched: fetched.is_some(),
            whole: fetched.unwrap_or_else(|| base.clone()),
            base: Some(base),
            groups,
            problem,
        });
        Ok(())
    }

    async fn fetch_policy(&self, source: &Source) {
        let document = EndpointConfig {
            proxy: source.proxy.clone(),
            ca_certificates: source.ca_certificates.clone(),
            ..EndpointConfig::new(source.address.clone())
        };
        let signature = EndpointConfig { address: source.signature_address(), ..document.clone() };
        // One after the other: the signature of a policy that was renewed meanwhile does not fit,
        // and all is as it was until the next time.
        let fetched = async {
            let text = fetch(&document, policy::MAX_BYTES).await?;
            Ok::<_, Failure>((text, fetch(&signature, policy::MAX_BYTES).await?))
        };
        let (text, signature) = match fetched.await {
            Ok(fetched) => fetched,
            Err(failure) => return self.note_policy_problem(failure.message),
        };
        let inforce = self.governing().whole.clone();
        match self.policy_cache().take(source, &text, &signature, &inforce) {
            Ok(whole) => {
                let before = self.governing().clone();
                self.govern(Governing { whole, fetched: true, problem: None, ..before });
            }
            Err(refusal) => self.note_policy_problem(told(&refusal)),
        }
    }

    fn policy_source(&self) -> Option<Source> {
        self.governing().base.as_ref().and_then(|base| base.source.clone())
    }

    fn policy_cache(&self) -> Cache {
        Cache::at(&self.folders.data)
    }

    fn note_policy_problem(&self, problem: String) {
        tracing::warn!(%problem, "the policy");
        let mut governing = self.governing();
        let news = governing.problem.as_ref() != Some(&problem);
        governing.problem = Some(problem.clone());
        drop(governing);
        if news {
            let refused = Event::new(audit::Action::PolicyRefuse).with_outcome(Outcome::Refused);
            self.note(refused.with("problem", problem));
            self.changes.tell(|| Change::Policy);
        }
    }

    fn governing(&self) -> MutexGuard<'_, Governing> {
        self.governing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a policy in force: what is configured under it, and the hold of a history that is open.
    fn govern(&self, governing: Governing) {
        let policy = Arc::new(governing.whole.for_groups(&governing.groups));
        let before = std::mem::replace(
            &mut *self.policy.write().unwrap_or_else(PoisonError::into_inner),
            policy.clone(),
        );
        let news = before != policy || self.governing().problem != governing.problem;
        *self.governing() = governing;
        if !news {
            return;
        }
        if before != policy {
            self.audit_under(&policy);
        }
        self.configure_anew();
        if let Ok(history) = self.history()
            && let Err(error) = self.prescribe(&history)
        {
            tracing::warn!(%error, "the policy's hold could not be kept");
        }
        self.changes.tell(|| Change::Policy);
        self.changes.tell(|| Change::Settings { settings: self.settings() });
        self.changes.tell(|| Change::Endpoints);
    }
}

fn is_default(policy: &Policy) -> bool {
    *policy == Policy::default()
}

fn told(refusal: &Refusal) -> String {
    format!("the policy that was fetched is not put in force: {refusal}")
}

/// What a file is, for the policy.
fn kind_of(name: &str, data: &[u8]) -> Result<FileKind, Failure> {
    Ok(match documents::family(name, data)? {
        documents::Family::Text => FileKind::Text,
        documents::Family::Picture => FileKind::Image,
        documents::Family::Pdf => FileKind::Pdf,
        documents::Family::Office => FileKind::Office,
        documents::Family::Mail => FileKind::Mail,
        documents::Family::Book => FileKind::Book,
    })
}

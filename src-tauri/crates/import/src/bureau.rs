//! Bureau's own JSON, without loss: `{"format":"bureau","version":1,"conversations":[…]}`, each
//! conversation a [`PortableConversation`], the first two members first.

use conversation::PortableConversation;

use crate::conversion::{Converted, Failed};
use crate::report::{LeftOuts, Refusal};

pub(crate) fn convert(json: &[u8]) -> Result<Converted, Failed> {
    let conversation: PortableConversation = serde_json::from_slice(json)?;
    if conversation.key.is_empty() {
        return Err(Refusal::NoId.into());
    }
    conversation.check().map_err(|_| Refusal::NotATree)?;
    Ok(Converted { conversation, left_out: LeftOuts::default() })
}

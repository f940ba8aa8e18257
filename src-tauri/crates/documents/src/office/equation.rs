//! Equations of Office (OMML, ECMA-376 part 1, section 22.1) as a line of text: `(a+b)/c`, `x^2`.

/// An equation that is being read.
#[derive(Debug, Default)]
pub struct Equation {
    open: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: String,
    text: String,
    /// What a bracket, a sum or an accent is written with.
    sign: Option<String>,
    close: Option<String>,
}

impl Equation {
    /// An element within the equation begins.
    pub fn open(&mut self, name: &str) {
        let (name, text) = (name.to_owned(), String::new());
        self.open.push(Part { name, text, sign: None, close: None });
    }

    /// Text of the equation.
    pub fn text(&mut self, text: &str) {
        if let Some(part) = self.open.last_mut() {
            part.text.push_str(text);
        }
    }

    /// A sign that the properties of the element around them name: `chr`, `begChr`, `endChr`.
    pub fn sign(&mut self, name: &str, value: String) {
        // The properties are an element of their own within the one that they are of.
        let owner = self.open.iter_mut().rev().find(|part| {
            !part.name.ends_with("Pr") && !matches!(part.name.as_str(), "chr" | "begChr" | "endChr")
        });
        if let Some(owner) = owner {
            match name {
                "endChr" => owner.close = Some(value),
                _ => owner.sign = Some(value),
            }
        }
    }

    /// The element that began last ends. Gives the whole equation when it was that.
    pub fn close(&mut self) -> Option<String> {
        let part = self.open.pop()?;
        let Some(parent) = self.open.last_mut() else { return Some(part.text) };
        let grouped = || group(&part.text);
        let text = match (parent.name.as_str(), part.name.as_str()) {
            (_, "num") => grouped(),
            (_, "den") => format!("/{}", grouped()),
            ("nary", "sub") if !part.text.is_empty() => {
                format!("{}_{}", parent.sign.as_deref().unwrap_or("∫"), grouped())
            }
            ("nary", "sub") => parent.sign.clone().unwrap_or_else(|| "∫".into()),
            ("nary", "e") => format!(" {}", part.text),
            (_, "sub" | "lim") if !part.text.is_empty() => format!("_{}", grouped()),
            (_, "sup") if !part.text.is_empty() => format!("^{}", grouped()),
            (_, "deg") if !part.text.is_empty() => format!("{}√", part.text),
            ("rad", "e") if parent.text.ends_with('√') => grouped(),
            ("rad", "e") => format!("√{}", grouped()),
            ("d", "e") if !parent.text.is_empty() => format!(", {}", part.text),
            ("mr", "e") if !parent.text.is_empty() => format!(", {}", part.text),
            ("m" | "eqArr", "mr" | "e") if !parent.text.is_empty() => format!("; {}", part.text),
            ("func", "e") => format!(" {}", part.text),
            (_, "d") => format!(
                "{}{}{}",
                part.sign.as_deref().unwrap_or("("),
                part.text,
                part.close.as_deref().unwrap_or(")")
            ),
            _ => part.text,
        };
        parent.text.push_str(&text);
        None
    }
}

fn group(text: &str) -> String {
    let simple = text.chars().all(char::is_alphanumeric);
    if simple { text.to_owned() } else { format!("({text})") }
}

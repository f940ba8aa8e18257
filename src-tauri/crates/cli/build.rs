//! Has the linker make the program small.

#[path = "../../linking.rs"]
mod linking;

fn main() {
    linking::small();
}

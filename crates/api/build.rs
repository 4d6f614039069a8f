//! The dashboard is part of the program: when its built files change, so does the program.

fn main() {
    println!("cargo::rerun-if-changed=../../dashboard/dist");
}

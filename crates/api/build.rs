//! The dashboard is part of the program: when its built files change, so does the program.

fn main() {
    // So that there is a folder to look into, also where the pages are built only later: an unoptimised program reads them from
    // there each time. A source tree that cannot be written to goes without.
    let _ = std::fs::create_dir_all("../../dashboard/dist");
    println!("cargo::rerun-if-changed=../../dashboard/dist");
}

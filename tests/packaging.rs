//! What the Debian package lays down on a machine: everything that a person looks for, where the conventions say, and with
//! the rights that files for everybody have.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::attempts::SWITCHBACK;

fn done(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The tree as `scripts/deb` lays it out around the program that is tested.
fn staged(dir: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/deb");
    done(Command::new(script).args(["--program", SWITCHBACK, "--stage"]).arg(dir));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_package_holds_the_program_its_pages_completion_documents_and_runbooks() {
    let dir = tempfile::tempdir().unwrap();
    let tree = dir.path().join("tree");
    staged(&tree);
    for file in [
        "usr/bin/switchback",
        "usr/share/bash-completion/completions/switchback",
        "usr/share/zsh/vendor-completions/_switchback",
        "usr/share/fish/vendor_completions.d/switchback.fish",
        "usr/share/man/man1/switchback.1.gz",
        "usr/share/man/man1/switchback-run.1.gz",
        "usr/share/doc/switchback/copyright",
        "usr/share/doc/switchback/changelog.gz",
        "usr/share/doc/switchback/CHANGELOG.md.gz",
        "usr/share/doc/switchback/README.md",
        "usr/share/doc/switchback/examples/switchback.toml",
    ] {
        assert!(tree.join(file).is_file(), "{file}");
    }
    let doc = tree.join("usr/share/doc/switchback");
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (of, to) in [("runbooks", doc.join("examples/runbooks")), ("scenarios", doc.join("examples/scenarios"))] {
        assert_eq!(names(&project.join(of)), names(&to));
    }
    for page in names(&project.join("docs")) {
        assert!(doc.join(&page).exists(), "{page}");
    }
    let mode = |file: &str| std::fs::metadata(tree.join(file)).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode("usr/bin/switchback"), mode("usr/share/doc/switchback/README.md"), mode("usr/share")),
        (0o755, 0o644, 0o755)
    );
    // What was packaged is the program that runs.
    assert_eq!(
        done(Command::new(tree.join("usr/bin/switchback")).arg("--version")),
        done(Command::new(SWITCHBACK).arg("--version"))
    );
}

#[test]
fn debians_own_tools_take_the_package() {
    let dir = tempfile::tempdir().unwrap();
    let (tree, package) = (dir.path().join("tree"), dir.path().join("switchback.deb"));
    staged(&tree);
    done(Command::new("dpkg-deb").args(["--root-owner-group", "-Znone", "--build"]).arg(&tree).arg(&package));
    let field = |name: &str| done(Command::new("dpkg-deb").arg("--field").arg(&package).arg(name)).trim().to_owned();
    assert_eq!((field("Package").as_str(), field("Version").as_str()), ("switchback", env!("CARGO_PKG_VERSION")));
    assert!(field("Depends").starts_with("libc6 (>= 2."), "{}", field("Depends"));
    let listed = done(Command::new("dpkg-deb").arg("--contents").arg(&package));
    assert!(listed.lines().all(|line| line.contains(" root/root ")), "{listed}");
    // Installing it runs nothing of ours.
    assert_eq!(names(&tree.join("DEBIAN")), ["control", "md5sums"]);
}

//! The whole command on made-up homes: what is asked, what is written, what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

/// A folder that is home and working folder at once.
struct Home {
    folder: tempfile::TempDir,
}

/// What came of it.
struct Came {
    code: u8,
    out: String,
    err: String,
    file: Option<String>,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn with(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(FILE_NAME)
    }

    fn init(&self, asked: &Init, typed: Option<&str>) -> Came {
        let home = self.folder.path();
        let variable = |name: &str| match name {
            "HOME" => Some(home.into()),
            "PGSYSCONFDIR" => Some(home.join("none").into()),
            _ => None,
        };
        let places = Places::new(&variable, home);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut typed = typed.map(str::as_bytes);
        let answers = typed.as_mut().map(|typed| typed as &mut dyn BufRead);
        let wanted = asked.output.clone().unwrap_or_else(|| self.file());
        let around = Around { places: &places, actor: "ana", folder: Some("Shop front".to_owned()), wanted, answers };
        let code = init(asked, around, &mut Output { out: &mut out, err: &mut err, colour: false }).unwrap();
        let file = fs::read_to_string(self.file()).ok();
        Came { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap(), file }
    }
}

fn yes() -> Init {
    Init { yes: true, ..Init::default() }
}

const SERVICES: &str = include_str!("../../../../tests/data/found/pg_service.conf");
const GATUS: &str = include_str!("../../../../tests/data/found/gatus.yaml");

#[test]
fn with_yes_what_is_found_becomes_a_file_that_is_right_and_private() {
    let home = Home::new().with(".pg_service.conf", SERVICES).with("gatus.yaml", GATUS);
    let came = home.init(&yes(), None);
    assert_eq!(came.code, DONE, "{}", came.err);
    let text = came.file.unwrap();
    assert!(text.contains("us-east-1 = \"service=orders-east\"") && text.contains("name = \"shop-front\""), "{text}");
    assert!(came.out.contains("shop-front is right: 2 regions, 2 services, 1 database"), "{}", came.out);
    assert!(came.out.contains("switchback --config") && came.out.contains("doctor"), "{}", came.out);
    assert_eq!(fs::metadata(home.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let home = Home::new().with(FILE_NAME, "mine");
    let came = home.init(&yes(), None);
    assert_eq!((came.code, came.file.as_deref()), (NO, Some("mine")));
    assert!(came.err.contains("left as it is") && came.err.contains("-o FILE"), "{}", came.err);
    let came = home.init(&Init::default(), Some("\n\n\n\n\n\n\n\n\n\n"));
    assert_eq!((came.code, came.file.as_deref()), (DONE, Some("mine")), "{}", came.err);
    assert!(home.folder.path().join("switchback-2.toml").exists());
}

#[test]
fn nobody_to_ask_and_nothing_said_writes_nothing() {
    let came = Home::new().init(&Init::default(), None);
    assert_eq!((came.code, came.file), (USAGE, None));
    assert!(came.err.contains("--yes") && came.err.contains("--from"), "{}", came.err);
}

#[test]
fn answers_are_written_and_marked_as_such() {
    let typed = [
        "orders",                                      // name
        "eu-west-1 eu-central-1",                      // regions
        "orders-db",                                   // databases
        "orders",                                      // no connection string: asked again
        "postgresql://ana:s3cret@db.example.com/o",    // a password: asked again
        "host=db.eu-west-1.example.com dbname=orders", // there it is
        "",                                            // the other server is not known
        "checkout",                                    // services
        "https://checkout.eu-west-1.example.com/health",
        "",
        "10m",
        "soon",
        "0",
        "mara",
        "+41 44 555 01 00",
    ];
    let home = Home::new();
    let came = home.init(&Init::default(), Some(&(typed.join("\n") + "\n")));
    assert_eq!(came.code, DONE, "{}{}", came.out, came.err);
    let text = came.file.unwrap();
    for line in [
        "name = \"orders\"",
        "[regions.eu-west-1]",
        "eu-west-1 = \"host=db.eu-west-1.example.com dbname=orders\" # answered",
        "# eu-central-1 = \"service=…\"",
        "rto = \"10m\"",
        "rpo = 0",
        "[people.mara]",
        "phone = \"+41 44 555 01 00\"",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("s3cret") && !came.err.contains("s3cret"), "{}", came.err);
    assert!(came.err.contains("service=NAME") && came.err.contains("a secret is written here"), "{}", came.err);
    assert!(came.out.contains("SWITCHBACK_ACTOR=mara"), "{}", came.out);
}

#[test]
fn an_input_that_ends_before_the_last_answer_writes_nothing() {
    let came = Home::new().init(&Init::default(), Some("orders\n"));
    assert_eq!((came.code, came.file), (NO, None));
    assert!(came.err.ends_with("Nothing is written.\n"), "{}", came.err);
}

#[test]
fn only_the_files_that_are_named_are_read() {
    let home = Home::new().with(".pg_service.conf", SERVICES).with("there/watch.yaml", GATUS);
    let from = Init { from: vec![home.folder.path().join("there/watch.yaml")], ..Init::default() };
    let came = home.init(&from, None);
    let text = came.file.unwrap();
    assert!(text.contains("[services.checkout]") && !text.contains("orders-east"), "{text}");
    let broken = Home::new().with("gatus.yaml", "endpoints: [\n");
    let from = Init { from: vec![broken.folder.path().join("gatus.yaml")], ..Init::default() };
    let came = broken.init(&from, None);
    assert_eq!((came.code, came.file), (WRONG, None));
    assert!(came.err.contains("gatus.yaml:2:1: "), "{}", came.err);
}

#[test]
fn name_and_regions_of_the_command_line_stand_above_what_is_found() {
    let asked = Init {
        yes: true,
        name: Some("Orders platform".to_owned()),
        regions: vec!["us-west-2".to_owned(), "us-east-1".to_owned()],
        output: Some("-".into()),
        ..Init::default()
    };
    let home = Home::new().with(".pg_service.conf", SERVICES);
    let came = home.init(&asked, None);
    assert_eq!((came.code, came.err.as_str(), came.file), (DONE, "", None));
    let estate = parse(&came.out).estate;
    assert_eq!((estate.name.as_str(), estate.regions[0].id.as_str()), ("Orders platform", "us-west-2"));
    for (regions, why) in [(vec!["a b"], "cannot be a name"), (vec!["a", "a"], "twice")] {
        let regions = regions.into_iter().map(str::to_owned).collect();
        let came = home.init(&Init { yes: true, regions, ..Init::default() }, None);
        assert_eq!(came.code, USAGE);
        assert!(came.err.contains(why), "{}", came.err);
    }
}

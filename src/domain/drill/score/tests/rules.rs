//! Actions, measures and the rating, each at its edges.

use super::*;

fn actions(told: &Told) -> Vec<Observed> {
    scored(told).actions.iter().map(|action| action.observed).collect()
}

#[test]
fn an_action_is_open_in_time_late_or_missed() {
    let mut told = Told::begun();
    assert_eq!(actions(&told), [Observed::NotExpected; 3], "no inject has fired");
    told.fire(120, "dark");
    assert_eq!(actions(&told), [Observed::Open, Observed::Open, Observed::NotExpected]);
    told.declare(120 + 300);
    assert_eq!(actions(&told)[0], Observed::InTime);
    told.fire(600, "press");
    told.fire(721, "spare");
    assert_eq!(actions(&told), [Observed::InTime, Observed::Missed, Observed::Open]);
    told.decide(722, true);
    told.end(3000, EndEx::Finished);
    assert_eq!(actions(&told), [Observed::InTime, Observed::Late, Observed::Missed]);
}

#[test]
fn late_counts_half() {
    let scenario = "title = \"Half\"\n[[expect]]\ntext = \"Say so\"\naction = \"noted \\\"so\\\"\"\nwithin = \"1m\"\n";
    let told = |second| {
        let mut told = Told::begun_with(scenario, |_| {});
        told.note(second, "it is so");
        told.end(300, EndEx::Finished);
        scored(&told)
    };
    let (in_time, late) = (told(60), told(61));
    assert_eq!((in_time.points, in_time.rating, in_time.outcome), (100, Rating::P, Outcome::Passed));
    assert_eq!((late.points, late.rating, late.outcome), (50, Rating::S, Outcome::Failed));
    assert_eq!(late.improvements, ["Late: Say so (1m01s, expected within 1m)."]);
}

#[test]
fn words_of_before_do_not_answer_what_comes_after() {
    let mut told = Told::played();
    told.end(700, EndEx::Finished);
    assert_eq!(actions(&told)[2], Observed::InTime);
    let mut told = Told::begun();
    told.note(10, "the press is quiet");
    told.fire(600, "press");
    told.end(1800, EndEx::Finished);
    assert_eq!(actions(&told)[2], Observed::Missed);
}

#[test]
fn what_players_were_to_bring_about_is_missed_with_what_follows_it() {
    let scenario = |after: &str| {
        format!(
            "title = \"Chain\"\n[[inject]]\nid = \"dark\"\nat = \"1m\"\ntext = \"dark\"\n[[expect]]\ntext = \"Say so\"\naction = \"noted \\\"so\\\"\"\nafter = \"{after}\"\n"
        )
    };
    for (after, expected) in [
        ("declared", Observed::Missed),
        ("inject dark acknowledged", Observed::Missed),
        ("step promote failed", Observed::NotExpected),
        ("inject other fired", Observed::NotExpected),
    ] {
        let mut told = Told::begun_with(&scenario(after), |_| {});
        told.fire(60, "dark");
        told.end(600, EndEx::Finished);
        assert_eq!(actions(&told), [expected], "{after}");
    }
}

#[test]
fn ended_before_it_could_be_judged_it_stays_open() {
    for why in [EndEx::RealWorld, EndEx::Abandoned] {
        let mut told = Told::begun();
        told.fire(120, "dark");
        told.declare(130);
        told.end(200, why);
        assert_eq!(scored(&told).outcome, Outcome::Open);
    }
}

#[test]
fn what_did_not_come_is_missed_once_its_target_has_passed_and_unknown_before() {
    let ended = |second| {
        let mut told = Told::begun();
        told.fire(120, "dark");
        told.declare(130);
        told.end(second, EndEx::Finished);
        scored(&told)
    };
    assert_eq!(verdict(&ended(120 + 1800), "RTO"), Verdict::Unknown);
    assert_eq!(verdict(&ended(121 + 1800), "RTO"), Verdict::Missed);
    assert_eq!(
        ended(121 + 1800).measures.iter().find(|measure| measure.name == "RTO").unwrap().line(),
        "✗ RTO: not reached (target: 30 min)"
    );
    assert_eq!(verdict(&ended(140), "RPO"), Verdict::Unknown);
    assert_eq!(ended(140).outcome, Outcome::Failed);
}

#[test]
fn detection_is_what_a_player_did_first_about_it() {
    let detected = |tell: &dyn Fn(&mut Told)| {
        let mut told = Told::begun();
        told.fire(0, "hello");
        tell(&mut told);
        let score = scored(&told);
        score.measures[0].span.map(|span| span.as_secs())
    };
    let dark = |told: &mut Told| told.fire(120, "dark");
    assert_eq!(
        detected(&|told| {
            dark(told);
            told.acknowledge(130, "hello");
        }),
        None,
        "that was about the exercise"
    );
    assert_eq!(
        detected(&|told| {
            dark(told);
            told.acknowledge(150, "dark");
            told.declare(160);
        }),
        Some(30)
    );
    assert_eq!(
        detected(&|told| {
            dark(told);
            told.note(140, "hm");
            told.acknowledge(150, "dark");
        }),
        Some(20)
    );
    assert_eq!(
        detected(&|told| {
            told.note(100, "hm");
            dark(told);
            told.declare(180);
        }),
        Some(60)
    );
    assert_eq!(
        detected(&|told| {
            told.declare(100);
            dark(told);
        }),
        Some(0),
        "it was declared before it was so"
    );
}

#[test]
fn a_recovery_point_without_an_upper_bound_is_not_known_to_be_met() {
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.declare(130);
    told.fence(135);
    told.start_run(140);
    told.execute(150, "promote", 5, None);
    told.recover(170, "1");
    told.fire(600, "press");
    told.note(601, "press");
    told.end(1800, EndEx::Finished);
    let score = scored(&told);
    assert_eq!(verdict(&score, "RPO orders-db"), Verdict::AtRisk);
    assert!(score.lines().contains(&"? RPO orders-db: ≥ 2 s (target: 1 min)".to_owned()));
    assert_eq!((score.outcome, score.rating), (Outcome::Failed, Rating::S));
}

#[test]
fn tiers_are_judged_that_were_hit() {
    let mut told = Told::begun();
    told.fire(120, "dark");
    told.declare(130);
    let of_tiers = |told: &Told| -> Vec<String> {
        let measures = scored(told).measures;
        measures.into_iter().map(|measure| measure.name).filter(|name| name.starts_with("RTO tier")).collect()
    };
    assert_eq!(of_tiers(&told), ["RTO tier 1", "RTO tier 2"], "nobody can say which were hit");
    told.recover(300, "1");
    assert_eq!(of_tiers(&told), ["RTO tier 1"]);
}

#[test]
fn overriding_a_guard_takes_the_p_and_no_points() {
    let mut told = Told::played();
    let reason = "the region is gone".to_owned();
    let (run, step) = (told.state.runs[0].id, "promote".into());
    let (guard, seen) = ("fenced".to_owned(), "unknown".to_owned());
    told.tell(700, "mara", Event::GuardOverridden { run, step, guard, seen, reason, authority: "mara".into() });
    told.end(1800, EndEx::Finished);
    let score = scored(&told);
    assert_eq!((score.outcome, score.points, score.rating), (Outcome::Passed, 100, Rating::S));
    assert!(score.exceptions[0].starts_with("guard overridden: "), "{:?}", score.exceptions);
}

#[test]
fn a_long_silence_is_remarked() {
    let mut told = Told::played();
    told.end(640 + 1201, EndEx::Finished);
    let silence = "Nothing was said for 20m01s from 09:10:40Z on; say how it stands at least every 20m.";
    assert!(scored(&told).improvements.contains(&silence.to_owned()), "{:?}", scored(&told).improvements);
}

#[test]
fn a_false_alarm_is_answered_by_staying() {
    let alarm = "title = \"False alarm\"\n[[inject]]\nid = \"page\"\nat = \"1m\"\ntext = \"a check is red\"\n[[inject.expect]]\ntext = \"Stay\"\naction = \"noted \\\"stay\\\"\"\n[[wrong]]\ntext = \"It was no outage\"\naction = \"decided to fail over\"\n[targets]\ndetection = \"2m\"\nloss = \"0\"\nobjectives = true\n";
    let told = |declares: bool| {
        let mut told = Told::begun_with(alarm, |_| {});
        told.fire(60, "page");
        told.acknowledge(90, "page");
        told.note(100, "we stay");
        if declares {
            told.declare(110);
            told.decide(120, true);
        }
        told.end(600, EndEx::Finished);
        scored(&told)
    };
    let (stayed, went) = (told(false), told(true));
    assert_eq!((stayed.outcome, stayed.points), (Outcome::Passed, 100), "{stayed:#?}");
    assert_eq!(stayed.measures[0].span.map(|span| span.as_secs()), Some(30), "from the alarm, as nothing was so");
    assert_eq!((went.outcome, went.points), (Outcome::Failed, 75));
}

#[test]
fn injects_stand_beside_their_plan() {
    let mut told = Told::begun();
    told.fire(121, "dark");
    told.tell(130, "frieda", Event::InjectSkipped { inject: "press".into(), reason: "they are busy".to_owned() });
    let injects = scored(&told).injects;
    assert_eq!((injects[1].planned_at, injects[1].fired_at), (Some(told.at(120)), Some(told.at(121))));
    assert_eq!(injects[2].skipped.as_deref(), Some("they are busy"));
    assert_eq!(SCENARIO.matches("[[inject]]").count(), injects.len());
}

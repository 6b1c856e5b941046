//! Whether the meanings are told apart by eyes that see fewer colours.
//!
//! Such eyes are simulated by the matrices of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation
//! of Color Vision Deficiency" (IEEE TVCG 15(6), 2009), at severity 1.0, over linear sRGB. The distance is ΔE*ab of CIE 1976
//! (CIE 15), white point D65; about 2.3 can just be noticed.

use super::super::{Depth, Role, Theme};
use super::contrast::{linear, rgb};

type Matrix = [[f64; 3]; 3];

const USUAL: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const PROTANOPIA: Matrix =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTERANOPIA: Matrix =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
const TRITANOPIA: Matrix =
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];
const XYZ: Matrix =
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
const D65: [f64; 3] = [0.95047, 1.0, 1.08883];

/// Told apart at a glance, ten times what can just be noticed.
const APART: f64 = 25.0;
/// What is in focus is heavy besides.
const FROM_ACCENT: f64 = 20.0;
const MEANINGS: [Role; 5] = [Role::Ok, Role::Warning, Role::Down, Role::Unknown, Role::NoReturn];

fn times(matrix: &Matrix, of: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * of[0] + row[1] * of[1] + row[2] * of[2])
}

/// L*, a* and b* of a colour as these eyes see it.
fn lab(eyes: &Matrix, color: [u8; 3]) -> [f64; 3] {
    let seen = times(eyes, color.map(linear)).map(|part| part.clamp(0.0, 1.0));
    let xyz = times(&XYZ, seen);
    let [x, y, z] = [0, 1, 2].map(|at| {
        let share = xyz[at] / D65[at];
        if share > 216.0 / 24389.0 { share.cbrt() } else { (24389.0 / 27.0 * share + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(eyes: &Matrix, a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (lab(eyes, a), lab(eyes, b));
    (0..3).map(|at| (a[at] - b[at]).powi(2)).sum::<f64>().sqrt()
}

/// Pairs of meanings that look too much alike.
fn alike(theme: &Theme, eyes: &Matrix) -> Vec<String> {
    let seen = |role: Role| rgb(theme.style(role).fg.unwrap()).unwrap();
    let mut alike = Vec::new();
    for (at, one) in MEANINGS.iter().enumerate() {
        let others = MEANINGS[at + 1..].iter().map(|other| (other, APART));
        for (other, least) in others.chain([(&Role::Accent, FROM_ACCENT)]) {
            let apart = distance(eyes, seen(*one), seen(*other));
            if apart < least {
                alike.push(format!("{} and {}: {apart:.1}, not {least}", one.name(), other.name()));
            }
        }
    }
    alike
}

#[test]
fn the_distance_is_that_of_the_definition() {
    assert!((distance(&USUAL, [0; 3], [255; 3]) - 100.0).abs() < 0.01);
    let red = lab(&USUAL, [255, 0, 0]);
    assert!((red[0] - 53.24).abs() < 0.05 && (red[1] - 80.09).abs() < 0.05 && (red[2] - 67.20).abs() < 0.05, "{red:?}");
}

#[test]
fn red_and_green_of_the_usual_theme_are_what_such_eyes_confuse() {
    let dark = Theme::named("dark").unwrap();
    assert!(!alike(&dark, &DEUTERANOPIA).is_empty() && !alike(&dark, &TRITANOPIA).is_empty());
}

#[test]
fn the_themes_for_eyes_that_see_fewer_colours_are_told_apart_by_them_and_by_all_others() {
    for (name, eyes) in [
        ("deuteranopia", vec![("deuteranopia", DEUTERANOPIA), ("protanopia", PROTANOPIA), ("usual", USUAL)]),
        ("tritanopia", vec![("tritanopia", TRITANOPIA), ("usual", USUAL)]),
    ] {
        let theme = Theme::named(name).unwrap();
        for shown in [theme.clone(), theme.at_depth(Depth::TwoHundredFiftySix)] {
            for (whose, eyes) in &eyes {
                assert_eq!(alike(&shown, eyes), Vec::<String>::new(), "{name} to {whose} eyes");
            }
        }
    }
}

//! What a thing on screen means. Themes give each meaning its looks; views never name a colour.

/// The roles, in the order of the documentation. A dotted name falls back to what stands before its last dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The ground everything stands on; only its `bg` counts.
    Background,
    /// The ground of boxes that lie over the bridge.
    Overlay,
    Text,
    /// Numbers that decide.
    Strong,
    Muted,
    Title,
    Accent,
    Border,
    BorderFocus,
    Ok,
    Warning,
    Down,
    /// Unknown and stale: never green.
    Unknown,
    NoReturn,
    Selection,
    /// Everything that is an exercise: drill, lab, demonstration, paper.
    BannerExercise,
    BannerLive,
    /// Something is wrong with the console itself.
    BannerAlarm,
    /// A key in the hint line, in the palette, in help.
    Key,
    /// A field being typed into.
    Input,
    /// The empty part of a bar.
    Track,
}

impl Role {
    pub const ALL: [Self; 21] = [
        Self::Background,
        Self::Overlay,
        Self::Text,
        Self::Strong,
        Self::Muted,
        Self::Title,
        Self::Accent,
        Self::Border,
        Self::BorderFocus,
        Self::Ok,
        Self::Warning,
        Self::Down,
        Self::Unknown,
        Self::NoReturn,
        Self::Selection,
        Self::BannerExercise,
        Self::BannerLive,
        Self::BannerAlarm,
        Self::Key,
        Self::Input,
        Self::Track,
    ];

    /// The name in a theme's file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Overlay => "overlay",
            Self::Text => "text",
            Self::Strong => "strong",
            Self::Muted => "muted",
            Self::Title => "title",
            Self::Accent => "accent",
            Self::Border => "border",
            Self::BorderFocus => "border.focus",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Down => "down",
            Self::Unknown => "unknown",
            Self::NoReturn => "no_return",
            Self::Selection => "selection",
            Self::BannerExercise => "banner.exercise",
            Self::BannerLive => "banner.live",
            Self::BannerAlarm => "banner.alarm",
            Self::Key => "key",
            Self::Input => "input",
            Self::Track => "track",
        }
    }

    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

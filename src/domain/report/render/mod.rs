//! The ways a page is written: each of them escapes the page's texts for its own format.

mod csv;
mod html;
mod markdown;

//! What the sources that ask AWS through its command line have in common.

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, key};
use super::super::value;

pub(super) const PROFILE: Key =
    key("profile", Kind::Text, "the environment's", "The profile whose credentials are used.");
pub(super) const REGION: Key = key("aws_region", Kind::Text, "the profile's", "The AWS region that is asked.");
pub(super) const ENDPOINT: Key = key("endpoint", Kind::Url, "AWS", "Another endpoint: MinIO, a private one, a test.");

/// Who asks, and whom. Credentials are the command line's own: profiles, SSO, instance roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwsCommand {
    pub profile: Option<String>,
    pub region: Option<String>,
    pub endpoint: Option<String>,
}

impl AwsCommand {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Self {
        Self {
            profile: fields.text("profile"),
            region: fields.text("aws_region"),
            endpoint: fields.take("endpoint", value::url),
        }
    }

    /// `aws SERVICE …` as it is started. It prints JSON whatever the profile says.
    #[must_use]
    pub fn argv(&self, words: &[&str]) -> Vec<String> {
        let mut argv: Vec<String> = ["aws", "--output", "json"].map(str::to_owned).to_vec();
        let options = [("--profile", &self.profile), ("--region", &self.region), ("--endpoint-url", &self.endpoint)];
        for (option, value) in options {
            argv.extend(value.iter().flat_map(|value| [option.to_owned(), value.clone()]));
        }
        argv.extend(words.iter().map(|word| (*word).to_owned()));
        argv
    }
}

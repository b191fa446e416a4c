//! How much of its input a running pipeline has gone through, for progress displays.

use super::runtime::Runtime;
use crate::host::Share;

/// What the first command of a pipeline says of its output.
pub(crate) struct Input {
    pipeline: u32,
    share: Share,
}

impl Runtime {
    /// Notes how much of a pipeline's input was passed on.
    pub(crate) fn pass_on(&mut self, pipeline: u32, share: Share) {
        match self.inputs.iter_mut().rfind(|i| i.pipeline == pipeline) {
            Some(input) => input.share = share,
            None => self.inputs.push(Input { pipeline, share }),
        }
    }

    /// How much of a pipeline's input was passed on, where that is known.
    pub(crate) fn passed_on(&self, pipeline: u32) -> Option<Share> {
        let mut running = self.inputs.iter().rev();
        running
            .find(|i| i.pipeline == pipeline)
            .map(|input| input.share)
    }
}

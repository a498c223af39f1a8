"""From the answers log to nbgrader's gradebook, without running anything a learner could have changed."""

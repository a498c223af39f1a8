"""The author's desk: begin a case, see it as a chart or an outline, print an actor's brief, feed an editor."""

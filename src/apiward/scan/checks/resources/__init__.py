"""Resources: can one caller use up what all share."""

"""What the clinician did and what was agreed: interventions, responses, measures, conclusions and plans."""

"""Rules: functions of a page that give a field's value, or None."""

"""Item types, answers and marking. Pure: no widget, no notebook. Imports curriculum and cases."""

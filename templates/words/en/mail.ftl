## Letters

mail-automatic = This letter was sent by { $site } automatically.
mail-operator = Run by { $operator }

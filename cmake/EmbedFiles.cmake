# Writes OUT: the FILES below ROOT as C++ string literals in app::demo_files().
set(text "#include \"app/demo.h\"\n\nnamespace braid::app {\n\nstd::span<const DemoFile> demo_files() {\n    static constexpr DemoFile kFiles[] = {\n")
list(SORT FILES)
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} content)
  string(APPEND text "        {\"${file}\", R\"demo(${content})demo\"},\n")
endforeach()
string(APPEND text "    };\n    return kFiles;\n}\n\n}  // namespace braid::app\n")
file(WRITE ${OUT} "${text}")

# cmake --install, so that find_package(unswept) gives others the targets of this tree.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(unswept_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/unswept)

install(TARGETS unswept_os unswept_engine unswept_model unswept_sim unswept_reports
                unswept_scenarios
        EXPORT unswept-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT unswept-targets NAMESPACE unswept:: DESTINATION ${unswept_package_dir})

foreach(tool unswept unswept-store)
  if(TARGET ${tool})
    install(TARGETS ${tool} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

# Headers keep their place in the tree: #include "sim/world.h" reads the same here and there.
foreach(room engine model sim reports scenarios)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room} DESTINATION include/unswept
          FILES_MATCHING PATTERN "*.h")
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios/
        DESTINATION ${CMAKE_INSTALL_DATADIR}/unswept/scenarios
        FILES_MATCHING PATTERN "*.toml")

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/unswept-config.cmake.in
                              ${PROJECT_BINARY_DIR}/unswept-config.cmake
                              INSTALL_DESTINATION ${unswept_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/unswept-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/unswept-config.cmake
              ${PROJECT_BINARY_DIR}/unswept-config-version.cmake
        DESTINATION ${unswept_package_dir})

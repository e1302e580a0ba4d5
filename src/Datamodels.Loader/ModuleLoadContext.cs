using System.Reflection;
using System.Runtime.Loader;

namespace Datamodels.Loader;

/// <summary>
/// The load context of the module: what lies in its folder is loaded from there, whatever versions of the same libraries other
/// modules brought along; everything else (the runtime, PowerShell) comes from the default context.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lock s_lock = new();
    private static ModuleLoadContext? s_loaded;

    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("Datamodels") => _folder = folder;

    /// <summary>The assembly with the cmdlets; loaded on first use, once per process.</summary>
    /// <param name="folder">
    /// Where the module's assemblies are. A process holds one copy of them, as objects of one are nothing to another; a second
    /// folder may hold the same, which are then not loaded again.
    /// </param>
    /// <exception cref="InvalidOperationException">Other assemblies are loaded already.</exception>
    public static Assembly Load(string folder)
    {
        lock (s_lock)
        {
            s_loaded ??= new ModuleLoadContext(folder);
            if (!s_loaded.HasWhatIsIn(folder))
            {
                throw new InvalidOperationException(
                    $"The Datamodels module of '{s_loaded._folder}' is loaded in this session, and that of '{folder}' is "
                    + "another. A session can hold one only: start a new PowerShell to import the other.");
            }

            return s_loaded.LoadFromAssemblyPath(Path.Combine(s_loaded._folder, "Datamodels.PowerShell.dll"));
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(_folder, $"{assemblyName.Name}.dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private bool HasWhatIsIn(string folder) =>
        folder == _folder || Directory.EnumerateFiles(folder, "Datamodels*.dll").All(file =>
        {
            string loaded = Path.Combine(_folder, Path.GetFileName(file));
            return File.Exists(loaded) && File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(loaded));
        });
}

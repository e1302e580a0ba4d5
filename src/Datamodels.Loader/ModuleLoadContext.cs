using System.Reflection;
using System.Runtime.Loader;

namespace Datamodels.Loader;

/// <summary>
/// The load context of the module: what lies beside this assembly is loaded from there, whatever versions of the same
/// libraries other modules brought along; everything else (the runtime, PowerShell) comes from the default context.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lazy<Assembly> s_module = new(LoadModule);

    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("Datamodels") => _folder = folder;

    /// <summary>The assembly with the cmdlets; loaded on first use, once per process.</summary>
    public static Assembly Module => s_module.Value;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(_folder, $"{assemblyName.Name}.dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private static Assembly LoadModule()
    {
        string folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;
        return new ModuleLoadContext(folder).LoadFromAssemblyPath(Path.Combine(folder, "Datamodels.PowerShell.dll"));
    }
}

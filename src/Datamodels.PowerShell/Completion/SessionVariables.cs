using System.Collections;
using System.Management.Automation;

namespace Datamodels.PowerShell.Completion;

/// <summary>What the session has in its variables, for completion.</summary>
internal static class SessionVariables
{
    /// <summary>Variables and their values, in order of the names; of a list its first element.</summary>
    public static IEnumerable<(string Name, object Value)> All()
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        foreach (PSVariable variable in shell.AddCommand("Get-Variable").Invoke<PSVariable>())
        {
            if (First(variable.Value) is { } value)
            {
                yield return (variable.Name, value);
            }
        }
    }

    /// <summary>An object without its wrapping; of a list the first element.</summary>
    public static object? First(object? value)
    {
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        return value is IList list ? list.Count > 0 ? First(list[0]) : null : value;
    }
}

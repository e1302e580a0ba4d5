using System.ComponentModel;

namespace Datamodels.Repository.Tests;

/// <summary>The Python that <c>python3</c> means to programs that tests start.</summary>
internal static class Python
{
    /// <summary>Puts the folder of a Python that has a module first on PATH; false where there is none.</summary>
    public static bool PutFirst(string module)
    {
        // The system's own has the distribution's packages, which one from elsewhere on PATH does not see.
        foreach (string folder in new[] { "", "/usr/bin" })
        {
            try
            {
                if (Checkout.Run(Path.Combine(folder, "python3"), "-c", $"import {module}").ExitCode == 0)
                {
                    string path = Environment.GetEnvironmentVariable("PATH") ?? "";
                    Environment.SetEnvironmentVariable("PATH", folder.Length == 0 ? path : $"{folder}{Path.PathSeparator}{path}");
                    return true;
                }
            }
            catch (Win32Exception)
            {
                // Not there.
            }
        }

        return false;
    }
}
